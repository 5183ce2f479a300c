"""Products, collections, prices, search and articles as programs read them."""
