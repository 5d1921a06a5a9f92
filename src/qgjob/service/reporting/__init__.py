"""Events of leases: what each of them does, in time and too late."""
