"""The journal: articles, who may read them whole, and from when.

Leaves to `memberships` who holds which benefit.
"""
