"""The hand: owns the devices of one host, installs each app version once, runs its tests and reports what happened."""
