"""Product files: import and export of Shopify and WooCommerce product files; stock reports of programs.

Owns the imported files, cell by cell, and the runs of uploaded ones: those of customers and orders too, which are read
and brought in by `old_shop`. Creates and changes products only through `catalog`.
"""
