"""Pausing a membership, and coming back."""
