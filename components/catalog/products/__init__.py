"""Creating and changing products, variants and collections, and reading them for staff."""
