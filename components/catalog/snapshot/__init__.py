"""The active catalogue in memory: loading it and keeping it up to date."""
