"""Orders, quotes and stock for programs."""
