"""Payments as Stripe reports them: events, checks and mismatches, for staff."""
