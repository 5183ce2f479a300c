"""The rows of a shop of :members members and :orders orders over five years, as statements: drawn by hashes of numbers.

Three people to a member. Two of three members pay monthly, the others yearly; a half have left; of the monthly ones
a fifth pay another price from their third period on. A quarter of all orders are members', with a use of a benefit.
"""

_CHANCE = "(('x' || substr(md5('{salt}' || n), 1, 7))::bit(28)::int / 268435456.0)"
_ID = "md5('{salt}' || n)::uuid"


def _chance(salt: str) -> str:
    return _CHANCE.format(salt=salt)


def _id(salt: str) -> str:
    return _ID.format(salt=salt)


_LIVES = f"""CREATE TEMP TABLE life ON COMMIT DROP AS
SELECT n, {_id("person")} AS person, {_id("subscription")} AS subscription, starts_at, is_yearly,
  CASE WHEN {_chance("leaves")} < 0.5 THEN starts_at + least(floor({_chance("stays")} * 36 + 1) * CASE WHEN is_yearly
    THEN interval '12 months' ELSE interval '1 month' END, interval '10 years') END AS leaves_at,
  NOT is_yearly AND n % 5 = 0 AS is_raised
FROM (SELECT n, n % 3 = 0 AS is_yearly,
  date_trunc('minute', now() - interval '5 years' * {_chance("starts")} - interval '1 hour') AS starts_at
  FROM generate_series(1, :members) n) n"""
_PLANS = """INSERT INTO plan (id, slug, name, summary, position, created_at) VALUES
  (md5('monthly')::uuid, 'monthly', 'Monthly', '', 1, now() - interval '6 years'),
  (md5('yearly')::uuid, 'yearly', 'Yearly', '', 2, now() - interval '6 years')"""
_VERSIONS = """INSERT INTO plan_version (id, plan, price, currency, interval, interval_count, from_at, until_at) VALUES
  (md5('monthly 450')::uuid, md5('monthly')::uuid, 450, 'GBP', 'month', 1, now() - interval '6 years', now()),
  (md5('monthly 600')::uuid, md5('monthly')::uuid, 600, 'GBP', 'month', 1, now(), NULL),
  (md5('yearly 3900')::uuid, md5('yearly')::uuid, 3900, 'GBP', 'year', 1, now() - interval '6 years', NULL)"""
_VERSION = """CASE WHEN is_yearly THEN md5('yearly 3900') WHEN is_raised AND {then} THEN md5('monthly 600')
  ELSE md5('monthly 450') END::uuid"""
_GONE = "leaves_at < now()"
_PERIOD = "CASE WHEN is_yearly THEN interval '12 months' ELSE interval '1 month' END"
_MOVES = f"""INSERT INTO movement (id, person, turn, kind, amount, balance, because, at, noted_at)
SELECT gen_random_uuid(), person, turn, kind, amount, balance, because, at, at FROM (
  SELECT person, 1 AS turn, 'new' AS kind, CASE WHEN is_yearly THEN 271 ELSE 375 END AS amount,
    CASE WHEN is_yearly THEN 271 ELSE 375 END AS balance, '' AS because, starts_at AS at FROM life
  UNION ALL SELECT person, 2, 'expansion', 125, 500, '', starts_at + interval '2 months' FROM life
    WHERE is_raised AND starts_at + interval '2 months' < least(leaves_at, now())
  UNION ALL SELECT person, 2 + stage, 'churn', -paid, 0, CASE n % 4 WHEN 0 THEN 'payment failed' ELSE 'cancelled' END,
    leaves_at FROM (SELECT *, (is_raised AND starts_at + interval '2 months' < leaves_at)::int AS stage,
      CASE WHEN is_yearly THEN 271 WHEN is_raised AND starts_at + interval '2 months' < leaves_at THEN 500 ELSE 375 END
      AS paid FROM life) life WHERE {_GONE}) made"""
_ATTEMPTS = """INSERT INTO cancel_attempt (id, subscription, person, reason, words, at)
SELECT gen_random_uuid(), subscription, person, (ARRAY['price', 'use', 'choice', 'else'])[n % 4 + 1], '',
  leaves_at - interval '10 days' FROM life WHERE leaves_at < now() + interval '10 days'"""
_FAILED = """INSERT INTO mirrored_invoice (stripe_id, subscription, local_id, reason, status, total, currency, attempts,
  failed_at, created_at, paid_at, mirrored_at)
SELECT 'in_failed_' || invoice, 'sub_' || invoice, subscription, 'subscription_cycle',
  CASE WHEN number % 3 = 0 THEN 'uncollectible' ELSE 'paid' END, amount, 'GBP', 2, starts_at + interval '1 hour',
  starts_at, CASE WHEN number % 3 > 0 THEN starts_at + interval '3 days' END, starts_at
FROM (SELECT *, row_number() OVER () AS number FROM paid_period) paid WHERE number % 25 < 1"""
_LOTS = """INSERT INTO ledger_lot (id, person, kind, words, amount, remaining, given_at, expires_at)
SELECT md5('lot' || n)::uuid, person, 'cashback', '', 240, CASE WHEN n % 2 = 0 THEN 240 ELSE 0 END, starts_at,
  CASE WHEN n % 3 > 0 THEN starts_at + interval '2 years' END FROM life"""
_SIDES = "(VALUES (md5('given')::uuid, -240), (md5('account' || n)::uuid, 240)) side (account, amount)"
_ORDER_AT = f"now() - interval '5 years' * {_chance('ordered')} - interval '1 minute'"

ROWS = (
    ("lives", _LIVES),
    ("people", f"""INSERT INTO person (id, email, name, created_at)
       SELECT {_id('person')}, 'p' || n || '@town.test', 'Person ' || n, now() - interval '5 years'
       FROM generate_series(1, 3 * :members) n"""),
    ("plans", _PLANS),
    ("versions", _VERSIONS),
    ("subscriptions", f"""INSERT INTO subscription (id, payer, plan_version, status, created_at, started_at, cancel_at,
         ended_at, current_period_start, current_period_end)
       SELECT subscription, person, {_VERSION.format(then="starts_at < now() - interval '2 months'")},
         CASE WHEN {_GONE} THEN 'cancelled' ELSE 'active' END, starts_at, starts_at,
         CASE WHEN leaves_at < now() + interval '1 month' THEN leaves_at END, CASE WHEN {_GONE} THEN leaves_at END,
         now(), now() + interval '1 month' FROM life"""),
    ("memberships", f"""INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at,
         end_announced_at)
       SELECT {_id('membership')}, person, md5(CASE WHEN is_yearly THEN 'yearly' ELSE 'monthly' END)::uuid,
         'subscription', subscription, starts_at, CASE WHEN {_GONE} THEN leaves_at END,
         CASE WHEN {_GONE} THEN leaves_at END FROM life"""),
    ("paid periods", f"""INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency,
         paid_at, plan_version, net_amount, net_price, tax_country, taxes)
       SELECT gen_random_uuid(), subscription, 'in_' || n || '_' || turn, at, at + {_PERIOD}, price, 'GBP', at,
         version, net, net, (ARRAY['GB', 'GB', 'GB', 'GB', 'DE', 'FR'])[1 + n % 6],
         jsonb_build_array(jsonb_build_object('name', 'VAT', 'rate_bp', 2000, 'tax', price - net))
       FROM (SELECT *, starts_at + turn * {_PERIOD} AS at, {_VERSION.format(then='turn > 1')} AS version,
           CASE WHEN is_yearly THEN 3900 WHEN is_raised AND turn > 1 THEN 600 ELSE 450 END AS price,
           CASE WHEN is_yearly THEN 3250 WHEN is_raised AND turn > 1 THEN 500 ELSE 375 END AS net
         FROM life, generate_series(0, 61) turn) paid
       WHERE at < least(leaves_at, now())"""),
    ("movements", _MOVES),
    ("cancellations", _ATTEMPTS),
    ("failed charges", _FAILED),
    ("lots", _LOTS),
    ("accounts", """INSERT INTO ledger_account (id, person, kind, currency, balance)
       SELECT md5('account' || n)::uuid, person, 'cashback', 'GBP', CASE WHEN n % 2 = 0 THEN 240 ELSE 0 END FROM life
       UNION ALL SELECT md5('given')::uuid, NULL, 'cashback_given', 'GBP', 0"""),
    ("postings", """INSERT INTO ledger_posting (id, cause, kind, person, words, at, turn)
       SELECT md5('posting' || n)::uuid, 'given:' || n, 'given', person, '', starts_at, n FROM life"""),
    ("entries", f"""INSERT INTO ledger_entry (id, posting, account, lot, amount)
       SELECT gen_random_uuid(), md5('posting' || n)::uuid, side.account, md5('lot' || n)::uuid, side.amount
       FROM life CROSS JOIN LATERAL {_SIDES}"""),
    ("orders", f"""INSERT INTO orders (id, number, person, email, name, currency, goods, member_savings, delivery_list,
         delivery_saved, delivery, tax, tax_rate, tax_name, total, delivery_method, address,
         price_context_key, payment_reference, placed_at, expires_at, paid_at, stock_taken_at, fulfilled_at)
       SELECT {_id('order')}, 'M-' || n, md5('person' || (n % (3 * :members) + 1))::uuid, 'p@town.test', 'Person',
         'GBP', 4800, 0, 0, 0, 0, 800, 2000, 'VAT', 4800 + n % 7 * 600, '',
         json_build_object('country', (ARRAY['GB', 'GB', 'GB', 'GB', 'DE', 'FR'])[1 + n % 6]),
         'guest', 'pi_' || n, at, at, at, at, at
       FROM (SELECT n, {_ORDER_AT} AS at FROM generate_series(1, :orders) n) n"""),
    ("lines", f"""INSERT INTO order_line (id, "order", position, variant_id, product_id, title, quantity, regular_unit,
         unit, total, tax, saved, unit_cost, trace)
       SELECT {_id('line')}, {_id('order')}, 0, v.id, v.product, 'Mug', 2, 2400, 2400, 4800, 800, 0, 900, '[]'
       FROM generate_series(1, :orders) n, (SELECT id, product FROM variant LIMIT 1) v"""),
    ("refunds", f"""INSERT INTO refund (id, "order", amount, currency, status, at, reason)
       SELECT {_id('refund')}, {_id('order')}, 1200, 'GBP', 'succeeded', o.paid_at + interval '2 days', ''
       FROM generate_series(1, :orders, 33) n JOIN orders o ON o.id = {_id('order')}
       WHERE o.paid_at < now() - interval '2 days'"""),
    ("uses", f"""INSERT INTO benefit_use (id, person, reference, order_id, kind, words, regular, paid, currency, at)
       SELECT {_id('use')}, o.person, 'order-line:' || n, o.id, 'member_price', '', 2400, 2160, 'GBP', o.paid_at
       FROM generate_series(1, :orders) n JOIN orders o ON o.id = {_id('order')}
       WHERE n % (3 * :members) < :members AND n % 4 < 3"""),
)  # fmt: skip
