-- name: beat
-- When some server swept the farm last; one row, made by the first sweep.
CREATE TABLE beat (
    number   BIGINT PRIMARY KEY CHECK (number = 1),
    swept_at BIGINT NOT NULL
);
