"""Stock levels, reservations and unit costs."""
