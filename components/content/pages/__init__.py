"""Pages such as terms, delivery and about: written by staff, begun from templates by country, versions kept."""
