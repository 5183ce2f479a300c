"""Webhooks from Stripe: verified, stored, processed."""
