"""Segments of customers, for staff."""
