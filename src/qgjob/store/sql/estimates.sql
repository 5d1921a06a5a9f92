-- name: test_estimates
-- How long tests take on a target, on each platform on which they are known.
SELECT test_path, platform, took_us FROM test_estimates
WHERE org_id = :org_id AND target = :target AND test_path IN :test_paths
ORDER BY test_path, platform;

-- name: test_sums
-- What the known tests of suites take together on a target, on each platform.
SELECT suite, platform, tests, took_us FROM test_sums
WHERE org_id = :org_id AND target = :target AND suite IN :suites
ORDER BY suite, platform;

-- name: test_estimate
-- How long one test takes on a target and platform.
SELECT took_us, samples FROM test_estimates
WHERE org_id = :org_id AND test_path = :test_path AND target = :target AND platform = :platform;

-- name: keep_test_estimate
-- Remember how long a test takes.
INSERT INTO test_estimates (org_id, test_path, target, platform, suite, took_us, samples)
VALUES (:org_id, :test_path, :target, :platform, :suite, :took_us, :samples)
ON CONFLICT (org_id, test_path, target, platform) DO UPDATE
SET took_us = excluded.took_us, samples = excluded.samples;

-- name: add_to_test_sum
-- Keep what the known tests of a suite take together; each parameter is a difference.
INSERT INTO test_sums (org_id, target, suite, platform, tests, took_us)
VALUES (:org_id, :target, :suite, :platform, :tests, :took_us)
ON CONFLICT (org_id, target, suite, platform) DO UPDATE
SET tests = test_sums.tests + excluded.tests, took_us = test_sums.took_us + excluded.took_us;

-- name: test_estimates_page
-- A page of what is known of an org's tests, in the order in which it was first learnt.
SELECT * FROM test_estimates WHERE org_id = :org_id AND number > :after ORDER BY number LIMIT :limit;

-- name: test_estimates_of_path
-- What is known of one test: a few rows.
SELECT * FROM test_estimates
WHERE org_id = :org_id AND test_path = :test_path AND number > :after
ORDER BY number
LIMIT :limit;

-- name: install_estimates_of_app
-- How long the packages of an app version take to install, on each class of workers on which they are known.
SELECT binaries.platform AS of_platform, install_estimates.*
FROM binaries JOIN install_estimates
  ON install_estimates.org_id = binaries.org_id AND install_estimates.package = binaries.package
WHERE binaries.org_id = :org_id AND binaries.app_version_id = :app_version_id
ORDER BY install_estimates.number, binaries.platform, binaries.kind;

-- name: install_times_of_groups
-- How long the apps of some groups take to install on one class of workers, where that is known.
SELECT groups.group_id, MAX(install_estimates.took_us) AS took_us
FROM groups
JOIN binaries ON binaries.org_id = groups.org_id AND binaries.app_version_id = groups.app_version_id
JOIN install_estimates
  ON install_estimates.org_id = binaries.org_id AND install_estimates.package = binaries.package
 AND install_estimates.target = groups.target AND install_estimates.platform = :platform
 AND install_estimates.model = :model
WHERE groups.group_id IN :group_ids AND (binaries.platform = :platform OR :platform = 'any')
GROUP BY groups.group_id
ORDER BY groups.group_id;

-- name: install_estimate
-- How long a package takes to install on a class of workers.
SELECT took_us, samples FROM install_estimates
WHERE org_id = :org_id AND package = :package AND target = :target AND platform = :platform AND model = :model;

-- name: keep_install_estimate
-- Remember how long a package takes to install.
INSERT INTO install_estimates (org_id, package, target, platform, model, took_us, samples)
VALUES (:org_id, :package, :target, :platform, :model, :took_us, :samples)
ON CONFLICT (org_id, package, target, platform, model) DO UPDATE
SET took_us = excluded.took_us, samples = excluded.samples;

-- name: install_estimates_page
-- A page of what is known of an org's packages, in the order in which it was first learnt.
SELECT * FROM install_estimates WHERE org_id = :org_id AND number > :after ORDER BY number LIMIT :limit;

-- name: install_estimates_of_package
-- A page of what is known of one package.
SELECT * FROM install_estimates
WHERE org_id = :org_id AND package = :package AND number > :after
ORDER BY number
LIMIT :limit;
