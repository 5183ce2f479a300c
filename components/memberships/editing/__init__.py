"""Changing plans and benefits, at once or on a date."""
