"""Figures of a period that somebody chose, beside those of another: what was moved, sold and kept in it."""
