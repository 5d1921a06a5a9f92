"""What a commit can wake somebody for."""

WORK = "work"
"""Something became claimable: held claims should ask again."""
FACTS = "facts"
"""Something was recorded: held streams of facts should ask again."""
TOPICS = frozenset({WORK, FACTS})
