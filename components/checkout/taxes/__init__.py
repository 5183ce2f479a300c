"""Tax rates by country, region and category, and who pays them."""
