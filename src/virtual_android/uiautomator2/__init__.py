"""UiAutomator2's on-device server: HTTP over an adb stream, selectors, the view tree, sessions."""
