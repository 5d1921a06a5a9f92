"""What a benchmark raises when it measured nothing."""


class BenchBroke(Exception):
    """What was measured is worth nothing: a program failed, or did not do what it should. Says which."""
