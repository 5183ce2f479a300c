"""Notices before a charge: on which days, what they say, and the link that cancels; withdrawing from a contract."""
