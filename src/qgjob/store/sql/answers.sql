-- name: find_answer
-- What a request with this key was answered.
SELECT digest, answer FROM answers WHERE scope = :scope AND idempotency_key = :key;

-- name: keep_answer
-- Remember an answer in the transaction of its deed; no row when another transaction was first.
INSERT INTO answers (scope, idempotency_key, digest, answer, at)
VALUES (:scope, :key, :digest, :answer, :at)
ON CONFLICT (scope, idempotency_key) DO NOTHING;

-- name: forget_answers
-- Forget the oldest answers that are older than :before. They are numbered in the order of time, so no other index.
DELETE FROM answers
WHERE at < :before AND number IN (SELECT number FROM answers ORDER BY number LIMIT :limit);
