"""Rewards: benefits other than prices and money. Free products, partner codes, and counted perks.

Owns who was given what and whether it has been claimed. Leaves who may have it to `memberships`, the basket's line and
its order to `checkout` and `orders`.
"""
