"""The desk: HTTP in and out. It turns bytes into verbs of `qgjob.service` and what they return into bytes.

It holds no rule of the farm and no state beside what wakes its long-polls: the database is the only truth.
"""
