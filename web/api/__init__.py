"""The shop for programs: the questions and verbs of the pages, answered as JSON below /api/v1."""
