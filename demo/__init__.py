"""`./run demo`: a whole farm on this machine, real from end to end, with two virtual Android devices for phones.

It starts the programs that a user would start and talks to them as a user would; it knows nothing that they do not say.
"""
