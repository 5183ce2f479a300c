"""Plans, and who is entitled to what, for programs."""
