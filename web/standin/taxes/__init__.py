"""Stripe Tax: its settings, what a basket's tax is, and the sales and refunds that were recorded."""
