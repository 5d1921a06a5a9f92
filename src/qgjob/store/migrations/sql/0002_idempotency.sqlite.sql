-- name: answers
-- What requests with an idempotency key were answered, for a day; digest says which request it was.
CREATE TABLE answers (
    number          INTEGER PRIMARY KEY,
    scope           TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest          TEXT NOT NULL,
    answer          TEXT NOT NULL,
    at              INTEGER NOT NULL,
    UNIQUE (scope, idempotency_key)
) STRICT;
