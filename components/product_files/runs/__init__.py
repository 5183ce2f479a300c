"""Uploaded files on their way into the catalogue: jobs that check and import them, step by step."""
