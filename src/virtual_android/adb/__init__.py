"""The device's end of adb: messages, streams, and the services that a host may open."""
