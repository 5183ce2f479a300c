"""Signed webhooks on their way to the shop."""
