"""The journal: articles, who can read them in full, and from when.

Leaves to `memberships` who holds which benefit.
"""
