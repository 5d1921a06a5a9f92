"""Who meets which requirement: found out once for each worker and requirement, and read ever after."""
