-- name: insert_fact
-- Write down what happened.
INSERT INTO facts (at, kind, org_id, run_id, job_id, worker_id, data)
VALUES (:at, :kind, :org_id, :run_id, :job_id, :worker_id, :data);

-- name: facts_after
-- Facts, oldest first.
SELECT * FROM facts WHERE fact_id > :after ORDER BY fact_id LIMIT :limit;

-- name: last_fact_of_next
-- The last of so many facts that come next.
SELECT MAX(fact_id) AS upto
FROM (SELECT fact_id FROM facts WHERE fact_id > :after ORDER BY fact_id LIMIT :limit) AS passed;

-- name: facts_of_org
-- Facts of an org among those up to one of them, oldest first.
SELECT * FROM facts
WHERE fact_id > :after AND fact_id <= :upto AND org_id = :org_id
ORDER BY fact_id
LIMIT :limit;

-- name: facts_of_run
-- Facts of a run, oldest first.
SELECT * FROM facts WHERE run_id = :run_id AND fact_id > :after ORDER BY fact_id LIMIT :limit;

-- name: facts_of_job
-- Facts of a job, oldest first.
SELECT * FROM facts WHERE job_id = :job_id AND fact_id > :after ORDER BY fact_id LIMIT :limit;
