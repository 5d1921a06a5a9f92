"""A virtual Android device: speaks adb's device protocol and answers as UiAutomator2's server over a model of an app.

It is a test double for a whole device and never passes for a real one: its model name begins with "Virtual Android".
"""
