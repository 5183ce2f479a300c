"""A history of any size, drawn from stated distributions and copied into the database in blocks.

Owns how people, memberships and orders are drawn, and the rows they become; the shop they are in is the demo's. What
must hold of the rows stays with their components: `check-invariants` says whether it does.
"""
