-- name: insert_attempt
-- A leased job becomes an attempt that may come of it.
INSERT INTO attempts (job_id, number, lease, place, worker_id) VALUES (:job_id, :number, :lease, :place, :worker_id);

-- name: attempt_of_lease
-- The attempt that a lease was given for a job.
SELECT * FROM attempts WHERE lease = :lease AND job_id = :job_id;

-- name: attempt_by_number
-- One attempt of a job, with the agent that had it.
SELECT attempts.*, leases.agent_id
FROM attempts JOIN leases ON leases.token = attempts.lease
WHERE attempts.job_id = :job_id AND attempts.number = :number;

-- name: offered_jobs
-- The jobs of a lease that are not over, as its worker must know them.
SELECT attempts.job_id, attempts.number, jobs.test_path, jobs.grep, jobs.timeout_s, jobs.idle_timeout_s
FROM attempts JOIN jobs ON jobs.job_id = attempts.job_id
WHERE attempts.lease = :lease AND attempts.ended_at IS NULL
ORDER BY attempts.place;

-- name: move_attempt
-- An attempt of a lease that we have locked is now as it is here.
UPDATE attempts
SET started_at = :started_at, ended_at = :ended_at, verdict = :verdict, fault = :fault, loss = :loss,
    message = :message, seconds = :seconds, sessions = :sessions,
    passed = :passed, failed = :failed, flaky = :flaky, skipped = :skipped, not_run = :not_run
WHERE job_id = :job_id AND number = :number;

-- name: drop_attempt
-- A job went back before its attempt began: over, without a verdict.
UPDATE attempts SET ended_at = :now, message = :message WHERE job_id = :job_id AND number = :number;

-- name: mark_late
-- Something of this attempt was reported when it was over.
UPDATE attempts
SET late = 1, sessions = sessions + :sessions, started_at = COALESCE(started_at, :started_at)
WHERE job_id = :job_id AND number = :number;

-- name: losses_of_job
-- What has gone down with the attempts of a job, and on which workers.
SELECT number, worker_id, loss FROM attempts WHERE job_id = :job_id AND loss IS NOT NULL ORDER BY number;

-- name: attempts_of_lease
-- How the attempts of a lease ended that came to a verdict, in the order in which they ran.
SELECT verdict, fault, loss, message FROM attempts WHERE lease = :lease AND verdict IS NOT NULL ORDER BY place;

-- name: told_attempts
-- The attempts of some jobs whose agents told how they ended.
SELECT job_id, number FROM attempts
WHERE job_id IN :job_ids AND verdict IS NOT NULL AND (loss IS NULL OR loss <> 'agent')
ORDER BY job_id, number;

-- name: attempts_of_job
-- The attempts of a job that began or came to a verdict, oldest first.
SELECT attempts.*, workers.name AS worker_name
FROM attempts JOIN workers ON workers.worker_id = attempts.worker_id
WHERE attempts.job_id = :job_id AND (attempts.started_at IS NOT NULL OR attempts.verdict IS NOT NULL)
ORDER BY attempts.number;

-- name: insert_case
-- Keep one execution of a case.
INSERT INTO cases (
    job_id, attempt, seq, case_id, title, file, line, select_line, status, expected, seconds, errors, session, late
) VALUES (
    :job_id, :attempt, :seq, :case_id, :title, :file, :line, :select_line, :status, :expected, :seconds, :errors,
    :session, :late
);

-- name: cases_of_attempt
-- The executions of an attempt, in the order in which they ended.
SELECT * FROM cases WHERE job_id = :job_id AND attempt = :attempt ORDER BY seq;

-- name: cases_of_jobs
-- The executions of some jobs that count, of each the oldest first: what came late does not.
SELECT * FROM cases WHERE job_id IN :job_ids AND late = 0 ORDER BY job_id, attempt, seq;

-- name: cases_of_open_jobs
-- The same of the jobs that a lease has open.
SELECT cases.*
FROM attempts JOIN cases ON cases.job_id = attempts.job_id AND cases.late = 0
WHERE attempts.lease = :lease AND attempts.ended_at IS NULL
ORDER BY cases.job_id, cases.attempt, cases.seq;

-- name: executions_of_run
-- The executions that count of some jobs of a run, those of a job together and the oldest of it first.
SELECT jobs.number AS job_number, jobs.project, jobs.target, cases.*,
       attempts.started_at AS attempt_started_at, attempts.worker_id, workers.name AS worker_name
FROM jobs
JOIN cases ON cases.job_id = jobs.job_id AND cases.late = 0
JOIN attempts ON attempts.job_id = cases.job_id AND attempts.number = cases.attempt
JOIN workers ON workers.worker_id = attempts.worker_id
WHERE jobs.run_number = :run_number AND jobs.number >= :first AND jobs.number <= :last
ORDER BY jobs.number, cases.attempt, cases.seq
LIMIT :limit;

-- name: executions_of_going_jobs
-- What counts so far of the jobs of a run that are not final, of each the oldest first, without what the errors said.
SELECT cases.job_id, cases.case_id, cases.title, cases.file, cases.line, cases.select_line, cases.status,
       cases.expected, cases.seconds, cases.session, '[]' AS errors
FROM jobs JOIN cases ON cases.job_id = jobs.job_id AND cases.late = 0
WHERE jobs.run_number = :run_number AND jobs.attempt > 0 AND jobs.status IN ('pending', 'queued', 'running')
ORDER BY jobs.number, cases.attempt, cases.seq;

-- name: insert_evidence
-- Keep a file of an attempt; changes nothing when the name is taken.
INSERT INTO evidence (job_id, attempt, name, kind, sha256, size_bytes, stored_at)
VALUES (:job_id, :attempt, :name, :kind, :sha256, :size_bytes, :now)
ON CONFLICT (job_id, attempt, name) DO NOTHING;

-- name: evidence_by_name
-- One file of an attempt.
SELECT * FROM evidence WHERE job_id = :job_id AND attempt = :attempt AND name = :name;

-- name: evidence_of_attempt
-- The files of an attempt, by name.
SELECT * FROM evidence WHERE job_id = :job_id AND attempt = :attempt ORDER BY name;
