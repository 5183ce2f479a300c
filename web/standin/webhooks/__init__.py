"""Signed webhooks to the shop."""
