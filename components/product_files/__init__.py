"""Product files: import and export of Shopify and WooCommerce product files; stock reports of programs.

Owns the imported files, cell by cell. Creates and changes products only through `catalog`.
"""
