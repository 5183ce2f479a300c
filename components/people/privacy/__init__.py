"""A person's copy of their data, and their wish to be erased."""
