-- name: make_beat
-- A farm that has never been swept was last swept ages ago.
INSERT INTO beat (number, swept_at) VALUES (1, 0) ON CONFLICT (number) DO NOTHING;

-- name: take_beat
-- When the farm was swept last; nothing while another replica is at it.
SELECT swept_at FROM beat FOR NO KEY UPDATE SKIP LOCKED;

-- name: note_beat
-- The farm is swept now.
UPDATE beat SET swept_at = :now;
