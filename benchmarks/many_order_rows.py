"""The rows of :orders orders of a shop of :members members, as statements: over five years, one after the other.

Each was paid, taxed, sent in one parcel and announced; one in 33 was refunded in part. Who orders lives where the order
goes, and pays a tenth less as a member, and then only. Keys begin with their time, as the shop's own do.
"""

BENEFIT = "md5('a tenth off')::uuid"
_AT = "now() - interval '5 years' + n * (interval '5 years' / :orders) - interval '1 minute'"
_KEY = """(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7' || substr(md5('{salt}' || n), 1, 3)
  || '8' || substr(md5('{salt}' || n), 4, 15))::uuid"""


def country(person: str) -> str:
    """Where somebody lives, by their number."""
    return f"(ARRAY['GB', 'GB', 'GB', 'GB', 'DE', 'FR'])[1 + ({person}) % 6]"


def at_key(at: str, salt: str) -> str:
    """A key that begins with an instant, and is the same each time for the same `n`."""
    return _KEY.format(at=at, salt=salt)


def _key(salt: str) -> str:
    return at_key("at", salt)


# By number: when it was placed and paid, by whom, and what its two units cost.
_SALES = f"""CREATE TEMP TABLE sale ON COMMIT DROP AS
SELECT n, at, buyer, md5('person' || buyer)::uuid AS person, {_key("order")} AS id,
  {_key("line")} AS line, regular, regular - off AS unit, 2 * (regular - off) AS total,
  2 * (regular - off) / 6 AS tax, 2 * off AS saved
FROM (SELECT s.*, CASE WHEN l.n IS NULL THEN 0 ELSE regular / 10 END AS off
  FROM (SELECT n, {_AT} AS at, n % (3 * :members) + 1 AS buyer, 2400 + n % 7 * 300 AS regular
    FROM generate_series(1, :orders) n) s
  LEFT JOIN life l ON l.n = s.buyer AND l.starts_at <= s.at AND (l.leaves_at IS NULL OR l.leaves_at > s.at)) s"""

ORDER_ROWS = (
    ("sales", _SALES),
    ("orders", f"""INSERT INTO orders (id, number, person, email, name, currency, goods, member_savings, delivery_list,
         delivery_saved, delivery, tax, tax_rate, tax_name, total, delivery_method, address,
         price_context_key, payment_reference, placed_at, expires_at, paid_at, stock_taken_at, fulfilled_at)
       SELECT id, 'M-' || n, person, 'p@town.test', 'Person',
         'GBP', total, saved, 0, 0, 0, tax, 2000, 'VAT', total, '',
         json_build_object('country', {country('buyer')}), 'guest', 'elsewhere:' || n, at, at, at, at, at FROM sale"""),
    ("lines", """INSERT INTO order_line (id, "order", position, variant_id, product_id, title, quantity, regular_unit,
         unit, total, tax, saved, unit_cost, trace)
       SELECT s.line, s.id, 0, v.id, v.product, 'Mug', 2, regular, unit, total, tax, saved, 900, '[]'
       FROM sale s, (SELECT id, product FROM variant LIMIT 1) v"""),
    ("taxes", f"""INSERT INTO order_tax (id, "order", position, name, rate_bp, net, amount)
       SELECT {_key('tax')}, id, 0, 'VAT', 2000, total - tax, tax FROM sale"""),
    ("parcels", f"""INSERT INTO fulfilment (id, "order", at) SELECT {_key('parcel')}, id, at FROM sale"""),
    ("facts", f"""INSERT INTO announced_fact (id, name, body, announced_at)
       SELECT {_key('fact')}, 'OrderPaid', ('{{"order_id": "' || id || '"}}')::json, at FROM sale"""),
    ("refunds", f"""INSERT INTO refund (id, "order", amount, currency, status, at, reason)
       SELECT {_key('refund')}, id, 1200, 'GBP', 'succeeded', at + interval '2 days', ''
       FROM sale WHERE n % 33 = 1 AND at < now() - interval '2 days'"""),
    ("uses", f"""INSERT INTO benefit_use (id, person, benefit, reference, order_id, kind, words, regular, paid,
         currency, at)
       SELECT {_key('use')}, person, {BENEFIT}, 'order-line:' || line, id, 'member_price', '', 2 * regular, total,
         'GBP', at FROM sale WHERE saved > 0"""),
)  # fmt: skip
