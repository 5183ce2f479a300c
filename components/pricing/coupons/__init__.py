"""Coupons: editing, eligibility and redemptions."""
