"""Memberships that began in another system: kept with their price and their first day, and given back if wanted."""
