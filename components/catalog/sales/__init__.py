"""Changing sales: a lower price for everybody over some variants or collections, for a time."""
