"""`./run bench store`: the verbs on SQLite and PostgreSQL beside the queue engines of the registries, in one run."""
