"""What an app binary (APK or IPA) says of itself. Strangers' bytes are read in a process of their own, with limits."""

from qgjob.binary.reader import read_binary

__all__ = ["read_binary"]
