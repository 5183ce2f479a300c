"""Orders and refunds, for staff."""
