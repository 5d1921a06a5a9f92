"""A job on its way: admitted, waiting, moved from state to state, ended."""
