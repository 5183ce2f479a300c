"""Addresses and telephone numbers as each country writes them."""
