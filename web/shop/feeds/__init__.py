"""Feeds and the sitemap, for programs."""
