"""Webhooks from other programs."""
