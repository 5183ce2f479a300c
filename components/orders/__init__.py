"""Orders: what was agreed, frozen at its placing, and everything that then becomes of it.

Owns orders and their lines, fulfilments, refunds, the notes staff keep, and the words of an order's state.
Leaves prices to `pricing`, units to `catalog`, moving money to `payments`, baskets and placing to `checkout`.
"""
