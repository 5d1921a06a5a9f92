"""One file per schema revision, named by its number; the SQL is beside, in `migrations/sql`."""
