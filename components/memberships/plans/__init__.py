"""Plans as visitors see them, kept in memory."""
