"""Hosted payment pages: opening one, asking about it, closing it."""
