"""What a file wants of the catalogue: which product is meant, what differs, and writing it, many products at once."""
