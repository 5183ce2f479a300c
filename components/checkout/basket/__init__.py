"""Baskets, and what a basket costs a person now."""
