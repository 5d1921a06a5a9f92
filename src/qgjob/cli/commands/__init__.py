"""One command per file, imported only when it is called for."""
