"""Sales, coupons, delivery and tax, for staff."""
