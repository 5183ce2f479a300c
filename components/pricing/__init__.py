"""Prices: what one variant, or a whole basket, costs one person at one instant, and why.

Prices, quotes and traces are pure: they take values and return values; no clock, no database, no settings. Only the
shop's coupons and their uses are rows (`coupons/`). Leaves to `memberships` who has which rule, and to `catalog` what
is sold and which sales are running.
"""
