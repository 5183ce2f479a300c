"""The catalogue: products and variants, collections, sales, pictures, stock, visibility and search.

Prices for a person are worked out in `pricing`; baskets belong to `checkout`. The catalogue announces no facts: readers
use `snapshot()`, which follows the rows within a fraction of a second.
"""
