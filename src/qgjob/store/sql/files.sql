-- name: files_of_evidence
-- A page of the files of evidence, and a job that each belongs to.
SELECT sha256, MIN(job_id) AS named_by FROM evidence WHERE sha256 > :after GROUP BY sha256 ORDER BY sha256 LIMIT :limit;

-- name: files_of_bundles
-- A page of the files of bundles, and an org that each belongs to.
SELECT sha256, MIN(org_id) AS named_by FROM bundles WHERE sha256 > :after GROUP BY sha256 ORDER BY sha256 LIMIT :limit;

-- name: files_of_apps
-- A page of the files of app versions, and one that each belongs to.
SELECT sha256, MIN(app_version_id) AS named_by
FROM binaries
WHERE sha256 > :after
GROUP BY sha256
ORDER BY sha256
LIMIT :limit;

-- name: files_named
-- Which of some files anything refers to.
SELECT sha256 FROM evidence WHERE sha256 IN :files
UNION
SELECT sha256 FROM bundles WHERE sha256 IN :files
UNION
SELECT sha256 FROM binaries WHERE sha256 IN :files
ORDER BY sha256;
