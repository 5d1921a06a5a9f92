"""The verbs of the farm, one file each: plain functions of a transaction, core values in and out. No network, no wire."""
