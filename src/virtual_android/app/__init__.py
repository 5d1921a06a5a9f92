"""The app on the device: a validated model of its screens, and one running instance of it."""
