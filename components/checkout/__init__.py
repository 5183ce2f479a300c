"""Checkout: from the basket to the placed order.

Owns baskets, delivery methods, tax rates and checkout attempts. Leaves prices to `pricing`, placed orders to `orders`,
taking money to `payments`.
"""
