"""Payments: payment pages, and a mirror of Stripe's objects.

Owns payment pages, the webhook inbox, the mirror of subscriptions, invoices, payments, refunds and disputes, and the
references between our objects and Stripe's. What a payment means is left to orders and memberships, which are notified
by facts. The only component that calls Stripe.
"""
