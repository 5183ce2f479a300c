"""The journal, for staff."""
