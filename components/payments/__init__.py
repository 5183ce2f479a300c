"""Payments: pages on which money is paid, and a mirror of what Stripe says about it.

Owns pay pages, the event inbox, the mirror of subscriptions, invoices, payments, refunds and disputes, and the
references between our things and Stripe's. Leaves what a payment means to orders and memberships, which hear of it
as facts. The only component that talks to Stripe.
"""
