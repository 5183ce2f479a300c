"""Hosted payment pages: opening, checking and closing them."""
