"""The rules of the farm: values in, a value or an error out. No IO, no clock, no randomness, no logging, no async."""
