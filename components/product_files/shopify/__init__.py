"""Shopify's product export, read and written."""
