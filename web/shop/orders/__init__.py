"""An order's own page, for whoever holds its link."""
