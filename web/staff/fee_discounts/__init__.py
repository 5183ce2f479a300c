"""Discounts on running memberships in the staff area."""
