"""From the wire to the core and back, one file per noun. Plain functions of values; nothing is looked up or decided."""
