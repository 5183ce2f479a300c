"""The rows of :orders orders of a shop of :members members, as statements: over five years, one after the other.

Each was paid, taxed, sent in one parcel and announced; one in 33 was refunded in part. Keys begin with their time, as
the shop's own do.
"""

COUNTRY = "(ARRAY['GB', 'GB', 'GB', 'GB', 'DE', 'FR'])[1 + n % 6]"
_AT = "now() - interval '5 years' + n * (interval '5 years' / :orders) - interval '1 minute'"
_IS_SAVED = "n % (3 * :members) < :members AND n % 4 < 3"
_REGULAR = "2400 + n % 7 * 300"
_UNIT = f"({_REGULAR} - CASE WHEN {_IS_SAVED} THEN 240 ELSE 0 END)"
_SAVED = f"CASE WHEN {_IS_SAVED} THEN 480 ELSE 0 END"
_KEY = """(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7' || substr(md5('{salt}' || n), 1, 3)
  || '8' || substr(md5('{salt}' || n), 4, 15))::uuid"""


def at_key(at: str, salt: str) -> str:
    """A key that begins with an instant, and is the same each time for the same `n`."""
    return _KEY.format(at=at, salt=salt)


def _key(salt: str) -> str:
    return at_key("at", salt)


def _of(every: str = "1", which: str = "true") -> str:
    """Orders by number, with when they were placed and paid, and what their two units cost."""
    return f"""(SELECT n, at, regular, unit, 2 * unit AS total, 2 * unit / 6 AS tax, saved
       FROM (SELECT n, {_AT} AS at, {_REGULAR} AS regular, {_UNIT} AS unit, {_SAVED} AS saved
         FROM generate_series(1, :orders, {every}) n) n WHERE {which}) n"""


ORDER_ROWS = (
    ("orders", f"""INSERT INTO orders (id, number, person, email, name, currency, goods, member_savings, delivery_list,
         delivery_saved, delivery, tax, tax_rate, tax_name, total, delivery_method, address,
         price_context_key, payment_reference, placed_at, expires_at, paid_at, stock_taken_at, fulfilled_at)
       SELECT {_key('order')}, 'M-' || n, md5('person' || (n % (3 * :members) + 1))::uuid, 'p@town.test', 'Person',
         'GBP', total, saved, 0, 0, 0, tax, 2000, 'VAT', total, '',
         json_build_object('country', {COUNTRY}), 'guest', 'elsewhere:' || n, at, at, at, at, at FROM {_of()}"""),
    ("lines", f"""INSERT INTO order_line (id, "order", position, variant_id, product_id, title, quantity, regular_unit,
         unit, total, tax, saved, unit_cost, trace)
       SELECT {_key('line')}, {_key('order')}, 0, v.id, v.product, 'Mug', 2, regular, unit, total, tax, saved, 900, '[]'
       FROM {_of()}, (SELECT id, product FROM variant LIMIT 1) v"""),
    ("taxes", f"""INSERT INTO order_tax (id, "order", position, name, rate_bp, net, amount)
       SELECT {_key('tax')}, {_key('order')}, 0, 'VAT', 2000, total - tax, tax FROM {_of()}"""),
    ("parcels", f"""INSERT INTO fulfilment (id, "order", at)
       SELECT {_key('parcel')}, {_key('order')}, at FROM {_of()}"""),
    ("facts", f"""INSERT INTO announced_fact (id, name, body, announced_at)
       SELECT {_key('fact')}, 'OrderPaid', ('{{"order_id": "' || {_key('order')} || '"}}')::json, at FROM {_of()}"""),
    ("refunds", f"""INSERT INTO refund (id, "order", amount, currency, status, at, reason)
       SELECT {_key('refund')}, {_key('order')}, 1200, 'GBP', 'succeeded', at + interval '2 days', ''
       FROM {_of("33", "at < now() - interval '2 days'")}"""),
    ("uses", f"""INSERT INTO benefit_use (id, person, reference, order_id, kind, words, regular, paid, currency, at)
       SELECT {_key('use')}, md5('person' || (n % (3 * :members) + 1))::uuid, 'order-line:' || {_key('line')},
         {_key('order')}, 'member_price', '', 2 * regular, total, 'GBP', at FROM {_of(which="saved > 0")}"""),
)  # fmt: skip
