"""qgjob: a test farm for mobile apps that installs each app version once and runs its tests for real."""

__version__ = "0.1.0"
