"""Experiments in the staff area."""
