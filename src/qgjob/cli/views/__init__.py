"""What the server's answers look like to people: functions from the wire's shapes to lines and tables."""
