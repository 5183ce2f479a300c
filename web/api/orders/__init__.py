"""Orders, quotes and stock as programs read and report them."""
