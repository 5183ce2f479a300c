"""Figures of the shop for programs that have a key for them."""
