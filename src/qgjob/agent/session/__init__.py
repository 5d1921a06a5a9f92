"""The story of one lease: fetch, install once, run each job, tell how it came out, leave the evidence."""
