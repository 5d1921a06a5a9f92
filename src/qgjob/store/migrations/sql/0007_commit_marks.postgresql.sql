-- name: commit_marks
-- The last commit of each writer, counted by itself and written by that commit; a row for each that ever was.
CREATE TABLE commit_marks (
    writer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    mark   BIGINT NOT NULL
);
