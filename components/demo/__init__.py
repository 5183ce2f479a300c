"""The demo shop Kiln: a pottery with products, membership plans, journal, people and history, created with the same
functions that users call.

The shop does not need it to run.
"""
