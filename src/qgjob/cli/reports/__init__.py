"""Reports of a finished run, in the formats that CI systems and people read. Every count in them is the run's own."""
