-- name: schema_revision
-- Which migrations a database has seen.
SELECT version_num FROM alembic_version;
