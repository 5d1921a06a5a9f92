-- name: test_estimate
-- How long a test takes on a kind of device.
SELECT took_us FROM test_estimates WHERE org_id = :org_id AND test_path = :test_path AND target = :target;

-- name: learn_test
-- Remember how long a test takes.
INSERT INTO test_estimates (org_id, test_path, target, took_us) VALUES (:org_id, :test_path, :target, :took_us)
ON CONFLICT (org_id, test_path, target) DO UPDATE SET took_us = excluded.took_us;

-- name: install_estimate
-- How long an app takes to install on a kind of device.
SELECT took_us FROM install_estimates WHERE org_id = :org_id AND package = :package AND target = :target;

-- name: learn_install
-- Remember how long an app takes to install.
INSERT INTO install_estimates (org_id, package, target, took_us) VALUES (:org_id, :package, :target, :took_us)
ON CONFLICT (org_id, package, target) DO UPDATE SET took_us = excluded.took_us;

-- name: install_estimate_of_app
-- How long an app version takes to install on a kind of device, as far as its package is known there.
SELECT install_estimates.took_us
FROM binaries JOIN install_estimates
  ON install_estimates.org_id = binaries.org_id
 AND install_estimates.package = binaries.package
 AND install_estimates.target = :target
WHERE binaries.org_id = :org_id AND binaries.app_version_id = :app_version_id
ORDER BY binaries.uploaded_at
LIMIT 1;
