"""Figures and what needs doing today, for staff."""
