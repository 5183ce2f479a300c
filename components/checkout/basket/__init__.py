"""Baskets, and what one costs this person now."""
