-- name: jobs_grep
-- Of its test path only the cases that Playwright's --grep picks with it; NULL: all of them.
ALTER TABLE jobs ADD COLUMN grep TEXT;

-- name: cases_by_file
-- What was learnt of cases that were named by a line goes by their file, and no longer by their folder.
UPDATE test_estimates
SET suite = rtrim(test_path, '0123456789')
WHERE rtrim(test_path, '0123456789') NOT IN (test_path, ':')
  AND rtrim(rtrim(test_path, '0123456789'), ':') <> rtrim(test_path, '0123456789');

-- name: forget_sums
-- They are counted again.
DELETE FROM test_sums;

-- name: sum_suites
-- What is known by now, by suite.
INSERT INTO test_sums (org_id, target, suite, platform, tests, took_us)
SELECT org_id, target, suite, platform, COUNT(*), CAST(SUM(took_us) AS BIGINT)
FROM test_estimates
GROUP BY org_id, target, suite, platform;

-- name: sum_orgs
-- What is known by now, by org: of whole files, and of cases under the suite ':'.
INSERT INTO test_sums (org_id, target, suite, platform, tests, took_us)
SELECT org_id, target, whole, platform, COUNT(*), CAST(SUM(took_us) AS BIGINT)
FROM (
    SELECT org_id, target, CASE WHEN rtrim(suite, ':') <> suite THEN ':' ELSE '' END AS whole, platform, took_us
    FROM test_estimates
) AS known
GROUP BY org_id, target, whole, platform;
