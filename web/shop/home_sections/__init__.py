"""The home page: its sections as this visitor sees them."""
