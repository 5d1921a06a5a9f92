"""Farms driven at random, on either database."""

from tests.databases import databases
from tests.postgres import postgres

__all__ = ["databases", "postgres"]
