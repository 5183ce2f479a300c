"""Opening a new shop: the few pages between its one-time link and the open shop."""
