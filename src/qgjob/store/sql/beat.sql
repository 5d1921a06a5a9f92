-- name: make_beat
-- A farm that has never been swept was last swept ages ago. A row that is there is not touched: another may hold it.
INSERT INTO beat (number, swept_at)
SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM beat)
ON CONFLICT (number) DO NOTHING;

-- name: take_beat
-- When the farm was swept last; nothing while another replica is at it.
SELECT swept_at, attended_since_at FROM beat FOR NO KEY UPDATE SKIP LOCKED;

-- name: note_beat
-- The farm is swept now.
UPDATE beat SET swept_at = :now, attended_since_at = :attended_since_at;
