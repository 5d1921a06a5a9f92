"""The sign of life of an agent: a process of its own, and the agent's side of it."""
