"""Exchange: import and export of Shopify and WooCommerce product files; API keys.

Owns the imported files, cell by cell, and the API keys. Creates and changes products only through `catalog`.
"""
