-- name: attempts_loss
-- What went down with an attempt that infrastructure lost.
ALTER TABLE attempts ADD COLUMN loss TEXT COLLATE "C";

-- name: cases_select_line
-- The line that picks a case, with what must run with it; 0: only its whole file does.
ALTER TABLE cases ADD COLUMN select_line BIGINT NOT NULL DEFAULT 0;

-- name: jobs_idle_timeout_s
-- How long nothing may be heard of the job.
ALTER TABLE jobs ADD COLUMN idle_timeout_s DOUBLE PRECISION;

-- name: jobs_queue_timeout_s
-- How long the job may wait for a worker, each time it waits.
ALTER TABLE jobs ADD COLUMN queue_timeout_s DOUBLE PRECISION;

-- name: runs_retry_budget
-- How many retries of failed tests all the jobs of the run may have together; NULL: as many as each has.
ALTER TABLE runs ADD COLUMN retry_budget BIGINT;

-- name: runs_retries
-- How many they have had.
ALTER TABLE runs ADD COLUMN retries BIGINT NOT NULL DEFAULT 0;

-- name: leases_suspect
-- 1: what came of it says something of its worker, which has lost leases before or loses this one.
ALTER TABLE leases ADD COLUMN suspect BIGINT NOT NULL DEFAULT 0;

-- name: workers_draining
-- 1: a person wants it to get no more work.
ALTER TABLE workers ADD COLUMN draining BIGINT NOT NULL DEFAULT 0;

-- name: workers_faults_in_a_row
-- How many leases in a row it has lost to infrastructure.
ALTER TABLE workers ADD COLUMN faults_in_a_row BIGINT NOT NULL DEFAULT 0;

-- name: workers_quarantined_until_at
-- Until then it gets no work, and one job at a time afterwards until one has run; NULL: all is well.
ALTER TABLE workers ADD COLUMN quarantined_until_at BIGINT;

-- name: workers_quarantine_reason
-- Why, in a sentence for people.
ALTER TABLE workers ADD COLUMN quarantine_reason TEXT COLLATE "C";

-- name: beat_attended_since_at
-- Since when servers have swept without a break.
ALTER TABLE beat ADD COLUMN attended_since_at BIGINT NOT NULL DEFAULT 0;

-- name: queue_limits
-- When to look again at jobs that may not wait for ever; due_at moves on while they do not wait.
CREATE TABLE queue_limits (
    job_number BIGINT PRIMARY KEY,
    limit_us   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL
);

-- name: queue_limits_due
-- Finds the jobs to look at.
CREATE INDEX queue_limits_due ON queue_limits (due_at);
