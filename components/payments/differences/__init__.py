"""Differences between the shop and Stripe: found by comparing afresh, shown by rule, repaired with one click."""
