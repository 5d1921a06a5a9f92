"""The queue engines that qgjob is measured beside: each a program of its own, from the registries, in fast settings.

The programs here run in environments of their own (npm packages; a venv of `locks/bench.txt`), never in qgjob's.
"""
