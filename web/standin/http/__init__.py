"""Stripe's HTTP interface, answered by the stand-in."""
