"""Subscriptions, invoices and their amounts: periods, prorations, discounts, collection, renewal.

Owns Stripe Billing's rules as far as the shop uses them. Leaves cards to `charging`, and when things happen to `due`
and `timeline`.
"""
