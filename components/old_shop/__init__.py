"""What the customers' and orders' files of an earlier shop said. Owns those records; the people it makes belong to
`people`, and nothing here counts as an order, as money or as stock of this shop.
"""
