"""Subscriptions that other software made in the shop's Stripe account: taking them over, and giving them back."""
