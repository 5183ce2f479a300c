"""The API for programs: the same queries and actions as the pages, answered as JSON below /api/v1."""
