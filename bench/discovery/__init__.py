"""`./run bench discovery`: `qgjob run --no-wait` of a large project beside Playwright's own list."""
