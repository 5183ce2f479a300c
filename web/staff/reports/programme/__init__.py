"""Pages on which the health of the programme is seen: a period, its figures beside those of another, and charts."""
