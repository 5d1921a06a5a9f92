"""The device's shell: a small POSIX-like syntax and the commands that adb, Appium and people ask of it."""
