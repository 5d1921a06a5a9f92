"""What is kept in passing: the ledger, facts, and what was learnt of how long things take."""
