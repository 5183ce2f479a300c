"""Members of an earlier system: subscriptions that run in the shop's Stripe account, and files of WooCommerce
Subscriptions and Paid Memberships Pro. Owns the runs that adopt them and what each row came to; the people,
memberships and mirrors that it makes belong to their components.
"""
