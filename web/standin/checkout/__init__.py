"""Hosted Checkout: sessions as the shop makes them, and as a shopper completes them on the pay page."""
