"""The door: the `qgjob` command. It asks, shows and exits; what a job or a verdict means is decided below it."""
