"""Leases: what a free worker could do, what it is given, and how that ends."""
