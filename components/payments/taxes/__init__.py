"""Stripe Tax: what it says of a basket, and the sales and refunds that it is told of."""
