"""The verbs of the farm: plain functions of a transaction, core values in and out. No network, no wire shapes.

The verbs are the files of this folder; `leasing`, `reporting`, `jobs` and `books` are what they are made of.
"""
