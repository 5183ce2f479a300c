"""A person's data: their export of all of it, their wish to be erased and the erasure, and what may be personal."""
