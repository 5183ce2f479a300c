"""Checkout: from meaning to buy to having agreed.

Owns baskets, delivery methods, tax rates and the attempts at paying for a basket.
Leaves what things cost to `pricing`, what was agreed to `orders`, taking money to `payments`.
"""
