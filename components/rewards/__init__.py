"""Rewards: what a benefit gives beside prices and money. Free products, partner codes, and perks that are counted.

Owns who was given what and whether it has been claimed. Leaves who may have it to `memberships`, the basket's line and
its order to `checkout` and `orders`.
"""
