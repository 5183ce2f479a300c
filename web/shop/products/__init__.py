"""Products, collections, search, and everything on a product's page."""
