"""Memberships: plans and their prices, what they include, and who holds what at any instant.

Owns plans, benefits, subscriptions as mirrored, memberships, entitlements and the savings ledger.
Leaves prices to `pricing`, taking money to `payments`, telling people to `messaging`.
"""
