"""The shop's settings as forms, and those of the machine as a list."""
