"""Plans, and who is entitled to what, as programs read them."""
