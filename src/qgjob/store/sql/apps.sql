-- name: insert_binary
-- Keep a binary of an app version; changes nothing when there is one of this platform and kind.
INSERT INTO binaries (
    org_id, app_version_id, platform, kind, sha256, size_bytes, package, version_name, version_code,
    launch_activity, uploaded_at
) VALUES (
    :org_id, :app_version_id, :platform, :kind, :sha256, :size_bytes, :package, :version_name, :version_code,
    :launch_activity, :now
)
ON CONFLICT (org_id, app_version_id, platform, kind) DO NOTHING;

-- name: binary_of_kind
-- The binary of an app version for a platform and kind.
SELECT * FROM binaries
WHERE org_id = :org_id AND app_version_id = :app_version_id AND platform = :platform AND kind = :kind;

-- name: binaries_of_app
-- All binaries of an app version, oldest first.
SELECT * FROM binaries
WHERE org_id = :org_id AND app_version_id = :app_version_id
ORDER BY uploaded_at, platform, kind;

-- name: binaries_of_apps
-- All binaries of some app versions, each version's oldest first.
SELECT * FROM binaries
WHERE org_id = :org_id AND app_version_id IN :app_version_ids
ORDER BY app_version_id, uploaded_at, platform, kind;

-- name: binary_with_hash
-- An app version by the bytes that stand for it, the newest first.
SELECT * FROM binaries WHERE sha256 = :sha256 ORDER BY uploaded_at DESC, org_id, app_version_id LIMIT 1;

-- name: insert_bundle
-- Keep what a bundle holds; changes nothing when it is known.
INSERT INTO bundles (org_id, sha256, size_bytes, files, uploaded_at)
VALUES (:org_id, :sha256, :size_bytes, :files, :now)
ON CONFLICT (org_id, sha256) DO NOTHING;

-- name: bundle_by_hash
-- One bundle of an org.
SELECT * FROM bundles WHERE org_id = :org_id AND sha256 = :sha256;
