-- name: test_estimates
-- How long tests take on a kind of device, those of them that are known.
SELECT test_path, took_us FROM test_estimates
WHERE org_id = :org_id AND target = :target AND test_path IN :test_paths;

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
