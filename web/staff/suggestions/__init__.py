"""Suggestions in the staff area: what was found, the rows behind it, and what was decided."""
