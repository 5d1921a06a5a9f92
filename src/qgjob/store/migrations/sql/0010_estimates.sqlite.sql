-- name: rename_old_tests
-- Makes room for the table that knows platforms, suites and samples.
ALTER TABLE test_estimates RENAME TO old_test_estimates;

-- name: test_estimates
-- How long a test takes on a target and platform, learnt from so many runs. suite: the folder that it is in.
CREATE TABLE test_estimates (
    number    INTEGER PRIMARY KEY,
    org_id    TEXT NOT NULL,
    test_path TEXT NOT NULL,
    target    TEXT NOT NULL,
    platform  TEXT NOT NULL,
    suite     TEXT NOT NULL,
    took_us   INTEGER NOT NULL,
    samples   INTEGER NOT NULL,
    UNIQUE (org_id, test_path, target, platform)
) STRICT;

-- name: old_tests
-- What was learnt before: nobody knows on which platform, and from one run at least.
INSERT INTO test_estimates (org_id, test_path, target, platform, suite, took_us, samples)
SELECT org_id, test_path, target, 'any',
       CASE WHEN instr(test_path, '/') = 0 THEN './' ELSE rtrim(test_path, replace(test_path, '/', '')) END,
       took_us, 1
FROM old_test_estimates
ORDER BY org_id, test_path, target;

-- name: drop_old_tests
-- All of it has moved.
DROP TABLE old_test_estimates;

-- name: test_estimates_of_org
-- Pages through what is known of an org's tests.
CREATE INDEX test_estimates_of_org ON test_estimates (org_id, number);

-- name: test_sums
-- What the known tests of a suite take together on a target and platform; an empty suite: all of the org's.
CREATE TABLE test_sums (
    org_id   TEXT NOT NULL,
    target   TEXT NOT NULL,
    suite    TEXT NOT NULL,
    platform TEXT NOT NULL,
    tests    INTEGER NOT NULL,
    took_us  INTEGER NOT NULL,
    PRIMARY KEY (org_id, target, suite, platform)
) STRICT, WITHOUT ROWID;

-- name: sum_suites
-- What is known by now, by suite.
INSERT INTO test_sums (org_id, target, suite, platform, tests, took_us)
SELECT org_id, target, suite, platform, COUNT(*), CAST(SUM(took_us) AS BIGINT)
FROM test_estimates
GROUP BY org_id, target, suite, platform;

-- name: sum_orgs
-- What is known by now, by org.
INSERT INTO test_sums (org_id, target, suite, platform, tests, took_us)
SELECT org_id, target, '', platform, COUNT(*), CAST(SUM(took_us) AS BIGINT)
FROM test_estimates
GROUP BY org_id, target, platform;

-- name: rename_old_installs
-- Makes room for the table that knows worker classes and samples.
ALTER TABLE install_estimates RENAME TO old_install_estimates;

-- name: install_estimates
-- How long an app takes to install on a class of workers, learnt from so many installations.
CREATE TABLE install_estimates (
    number   INTEGER PRIMARY KEY,
    org_id   TEXT NOT NULL,
    package  TEXT NOT NULL,
    target   TEXT NOT NULL,
    platform TEXT NOT NULL,
    model    TEXT NOT NULL,
    took_us  INTEGER NOT NULL,
    samples  INTEGER NOT NULL,
    UNIQUE (org_id, package, target, platform, model)
) STRICT;

-- name: old_installs
-- What was learnt before: nobody knows on which platform and model, and from one installation at least.
INSERT INTO install_estimates (org_id, package, target, platform, model, took_us, samples)
SELECT org_id, package, target, 'any', '', took_us, 1
FROM old_install_estimates
ORDER BY org_id, package, target;

-- name: drop_old_installs
-- All of it has moved.
DROP TABLE old_install_estimates;

-- name: install_estimates_of_org
-- Pages through what is known of an org's apps.
CREATE INDEX install_estimates_of_org ON install_estimates (org_id, number);
