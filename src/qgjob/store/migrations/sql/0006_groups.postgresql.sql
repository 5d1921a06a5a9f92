-- name: groups_of_org
-- The groups of an org, oldest first.
CREATE INDEX groups_of_org ON groups (org_id, number);

-- name: groups_ends_ms
-- The expected ends of the leases in force, summed up: milliseconds, since microseconds of five thousand are too much.
ALTER TABLE groups RENAME COLUMN busy_until_at TO ends_ms;

-- name: sum_up_ends
-- What leases are in force now.
UPDATE groups
SET ends_ms = (
    SELECT CAST(COALESCE(SUM(leases.busy_until_at / 1000), 0) AS BIGINT) FROM leases
    WHERE leases.group_id = groups.group_id AND leases.ended_at IS NULL
)
WHERE servers > 0;
