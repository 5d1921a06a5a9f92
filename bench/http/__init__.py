"""`./run bench http`: a whole server beside a bare one, beside PgQueuer's bulk enqueue, and with a million jobs."""
