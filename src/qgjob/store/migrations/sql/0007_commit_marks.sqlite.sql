-- name: commit_marks
-- Empty here: a commit to a file has no answer that could be lost. PostgreSQL's writers keep theirs in it.
CREATE TABLE commit_marks (
    writer TEXT PRIMARY KEY,
    mark   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
