"""The journal: articles and their images."""
