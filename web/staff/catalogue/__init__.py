"""Products, variants, pictures, collections and imports, for staff."""
