"""Hosted Checkout: sessions as the shop creates them, and as a shopper completes them on the payment page."""
