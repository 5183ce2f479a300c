"""Exchange: bringing in the product files of Shopify and WooCommerce, and giving them back; the keys of programs.

Owns what came in, cell by cell, and the keys by which programs come in. Leaves what a product is to `catalog`, by
whose verbs it works.
"""
