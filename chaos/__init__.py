"""Breaks farms while they work, and looks afterwards whether every promise was kept: `./run chaos`.

Servers, agents and PostgreSQL are real processes; only the devices are fakes. docs/chaos.md says what it does and how
to read what it finds.
"""
