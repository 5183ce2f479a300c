"""Listing and searching products in memory."""
