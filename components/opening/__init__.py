"""Opening a shop: the one-time link, the few questions a new shop asks, and what is still to do after them.

It owns how far a new shop has come. What is answered is kept where it belongs: settings in `foundation.shop_settings`,
tax rates in `checkout`, pages in `content`, the Stripe key in the data folder.
"""
