"""The checkout page and its form."""
