"""Orders: what was agreed, fixed when placed, and everything that happens to it afterwards.

Owns orders and their lines, fulfilments, refunds, staff notes, and the wording of an order's state. Leaves prices to
`pricing`, stock to `catalog`, moving money to `payments`, baskets and placing to `checkout`.
"""
