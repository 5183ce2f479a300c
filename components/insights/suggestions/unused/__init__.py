"""Benefits and coupons that nobody uses."""
