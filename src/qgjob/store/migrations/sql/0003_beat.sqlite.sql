-- name: beat
-- When some server swept the farm last; one row, made by the first sweep.
CREATE TABLE beat (
    number   INTEGER PRIMARY KEY CHECK (number = 1),
    swept_at INTEGER NOT NULL
) STRICT;
