"""Products, collections, search, and everything a product's page shows."""
