"""The tax codes that are modelled. Stripe knows several hundred."""

GOODS, UNTAXED, BOOKS, DELIVERY = "txcd_99999999", "txcd_00000000", "txcd_35010000", "txcd_92010001"
KNOWN = frozenset({GOODS, UNTAXED, BOOKS, DELIVERY, "txcd_10000000", "txcd_20030000", "txcd_30011000"})
