"""Stripe's HTTP interface as the stand-in answers it."""
