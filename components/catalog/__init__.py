"""The catalogue: products and their variants, collections, sales, pictures, stock, who sees what from when, and search.

What a product costs a person is `pricing`; what somebody has put aside is `checkout`. Nothing is announced as a fact:
whoever reads the catalogue reads `snapshot()`, which follows the rows within a fraction of a second.
"""
