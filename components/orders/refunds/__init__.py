"""Refunds: requested, allocated to lines, sent, and put back into stock."""
