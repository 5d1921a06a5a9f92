"""The devices of a host, each behind one small protocol; drivers do not know each other."""
