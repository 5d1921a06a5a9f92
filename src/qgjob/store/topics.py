"""What a commit can wake somebody for."""

WORK = "work"
"""Something became claimable: held claims should ask again."""
FACTS = "facts"
"""Something was recorded: held streams of facts should ask again."""
ENDS = "ends"
"""A job ended: who waits for its run should ask again."""
TOPICS = frozenset({WORK, FACTS, ENDS})
