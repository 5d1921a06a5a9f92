"""The model farm: the real verbs and the real rule, on a database in memory and in time that only passes on paper.

What comes of it is simulated, and says so. It owns no device, no clock and no thread.
"""
