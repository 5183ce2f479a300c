"""The stand-in's stored state, and how time changes it."""
