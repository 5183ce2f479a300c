"""Coupons: editing, eligibility, and uses."""
