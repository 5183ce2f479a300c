"""Products, collections, prices, search and articles for programs."""
