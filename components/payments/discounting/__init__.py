"""Discounts of running subscriptions: Stripe's coupon of each, put on a subscription and taken off again."""
