"""The verbs of the farm: plain functions of a transaction, core values in and out. No network, no wire shapes."""
