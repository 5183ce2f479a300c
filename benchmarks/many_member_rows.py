"""The rows of a shop of :members members and :orders orders over five years, as statements: drawn by hashes of numbers.

Three people to a member. Two of three members pay monthly, the others yearly; a half have left, a quarter of these
because a charge failed for good; of the monthly ones a fifth pay another price from their third period on. One renewal
in 25 was paid three days late. All was paid elsewhere, as in a shop that has moved: the mirror of Stripe has none of
it but the charges that failed, and nothing is missed there.
"""

from benchmarks.many_order_rows import BENEFIT, ORDER_ROWS, at_key, country

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
  NOT is_yearly AND n % 5 = 0 AS is_raised, n % 4 = 0 AS is_lost
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
_DAYS = "interval '3 days'"
_DRAWN = _chance("late' || turn || '-")
_LATE = f"turn > 0 AND {_DRAWN} < 0.04 AND at + {_DAYS} < least(leaves_at, now())"
_MOVES = f"""INSERT INTO movement (id, person, turn, kind, amount, balance, because, at, noted_at)
SELECT gen_random_uuid(), person, turn, kind, amount, balance, because, at, at FROM (
  SELECT person, 1 AS turn, 'new' AS kind, CASE WHEN is_yearly THEN 271 ELSE 375 END AS amount,
    CASE WHEN is_yearly THEN 271 ELSE 375 END AS balance, '' AS because, starts_at AS at FROM life
  UNION ALL SELECT person, 2, 'expansion', 125, 500, '', starts_at + interval '2 months' FROM life
    WHERE is_raised AND starts_at + interval '2 months' < least(leaves_at, now())
  UNION ALL SELECT person, 2 + stage, 'churn', -paid, 0, CASE WHEN is_lost THEN 'payment failed' ELSE 'cancelled' END,
    leaves_at FROM (SELECT *, (is_raised AND starts_at + interval '2 months' < leaves_at)::int AS stage,
      CASE WHEN is_yearly THEN 271 WHEN is_raised AND starts_at + interval '2 months' < leaves_at THEN 500 ELSE 375 END
      AS paid FROM life) life WHERE {_GONE}) made"""
_ATTEMPTS = """INSERT INTO cancel_attempt (id, subscription, person, reason, words, at)
SELECT gen_random_uuid(), subscription, person, (ARRAY['price', 'use', 'choice', 'else'])[n % 4 + 1], '',
  leaves_at - interval '10 days' FROM life WHERE NOT is_lost AND leaves_at < now() + interval '10 days'"""
_FAILED = f"""INSERT INTO mirrored_invoice (stripe_id, local_id, reason, status, total, currency, attempts, failed_at,
  created_at, paid_at, mirrored_at)
SELECT 'in_failed_' || invoice, subscription, 'subscription_cycle', 'paid', amount, 'GBP', 2,
  starts_at + interval '1 hour', starts_at, paid_at, paid_at FROM paid_period WHERE paid_at > starts_at
UNION ALL SELECT 'in_lost_' || n, subscription, 'subscription_cycle', 'uncollectible',
  CASE WHEN is_yearly THEN 3900 WHEN is_raised AND starts_at + interval '2 months' <= leaves_at THEN 600 ELSE 450 END,
  'GBP', 4, leaves_at, leaves_at, NULL, leaves_at FROM life WHERE is_lost AND {_GONE}"""
_LOTS = """INSERT INTO ledger_lot (id, person, kind, words, amount, remaining, given_at, expires_at)
SELECT md5('lot' || n)::uuid, person, 'cashback', '', 240, CASE WHEN n % 2 = 0 THEN 240 ELSE 0 END, starts_at,
  CASE WHEN n % 3 > 0 THEN starts_at + interval '2 years' END FROM life"""
_MOVED = """SELECT n, 'given' AS turn, md5('given')::uuid AS account, -240 AS amount FROM life
  UNION ALL SELECT n, 'given', md5('account' || n)::uuid, 240 FROM life
  UNION ALL SELECT n, 'spent', md5('account' || n)::uuid, -240 FROM life WHERE n % 2 = 1
  UNION ALL SELECT n, 'spent', md5('spent')::uuid, 240 FROM life WHERE n % 2 = 1"""
_TENTH = '{"discount_type": "percent", "value": 1000, "covered": {"kind": "everything", "ids": []}}'
_TAXES = '\'[{{"name": "VAT", "rate_bp": 2000, "tax": {tax}}}]\'::jsonb'
_FEES = (
    f"CASE WHEN is_yearly THEN {_TAXES.format(tax=650)} WHEN is_raised AND turn > 1 THEN {_TAXES.format(tax=100)} "
    f"ELSE {_TAXES.format(tax=75)} END"
)

ROWS = (
    ("lives", _LIVES),
    ("people", f"""INSERT INTO person (id, email, name, created_at)
       SELECT {_id('person')}, 'p' || n || '@town.test', 'Person ' || n, now() - interval '5 years'
       FROM generate_series(1, 3 * :members) n"""),
    ("plans", _PLANS),
    ("versions", _VERSIONS),
    ("subscriptions", f"""INSERT INTO subscription (id, payer, plan_version, status, created_at, started_at, cancel_at,
         ended_at, current_period_start, current_period_end)
       SELECT subscription, person, {_VERSION.format(then="starts_at + interval '2 months' < least(leaves_at, now())")},
         CASE WHEN {_GONE} THEN 'cancelled' ELSE 'active' END, starts_at, starts_at,
         CASE WHEN NOT is_lost AND leaves_at < now() + interval '1 month' THEN leaves_at END,
         CASE WHEN {_GONE} THEN leaves_at END, now(), now() + interval '1 month' FROM life"""),
    ("benefit", f"""INSERT INTO benefit (id, kind, name, created_at, is_tried, made_from)
       VALUES ({BENEFIT}, 'member_price', 'A tenth off', now() - interval '6 years', false, '{{}}')"""),
    ("terms", f"""INSERT INTO benefit_version (id, benefit, settings, from_at)
       VALUES (gen_random_uuid(), {BENEFIT}, '{_TENTH}', now() - interval '6 years')"""),
    ("included", f"""INSERT INTO plan_benefit (id, plan, benefit, position, from_at)
       SELECT gen_random_uuid(), md5(slug)::uuid, {BENEFIT}, 0, now() - interval '6 years'
       FROM unnest(ARRAY['monthly', 'yearly']) slug"""),
    ("memberships", f"""INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at,
         end_announced_at)
       SELECT {_id('membership')}, person, md5(CASE WHEN is_yearly THEN 'yearly' ELSE 'monthly' END)::uuid,
         'subscription', subscription, starts_at, CASE WHEN {_GONE} THEN leaves_at END,
         CASE WHEN {_GONE} THEN leaves_at END FROM life"""),
    ("held", f"""INSERT INTO entitlement (id, membership, person, benefit, from_at, until_at, because_of)
       SELECT {_id('held')}, {_id('membership')}, person, {BENEFIT}, starts_at,
         CASE WHEN {_GONE} THEN leaves_at END, 'membership' FROM life"""),
    ("paid periods", f"""INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency,
         paid_at, plan_version, net_amount, net_price, tax_country, taxes)
       SELECT {at_key("at", "paid' || turn || '-")}, subscription,
         'elsewhere:' || n || '_' || turn, at, at + {_PERIOD}, price, 'GBP',
         CASE WHEN {_LATE} THEN at + {_DAYS} ELSE at END, version, net, net, {country("n")}, {_FEES}
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
       UNION ALL SELECT md5('given')::uuid, NULL, 'cashback_given', 'GBP', -240 * count(*) FROM life
       UNION ALL SELECT md5('spent')::uuid, NULL, 'spent', 'GBP', 240 * count(*) FROM life WHERE n % 2 = 1"""),
    ("postings", """INSERT INTO ledger_posting (id, cause, kind, person, words, at, turn)
       SELECT md5('given posting' || n)::uuid, 'given:' || n, 'given', person, '', starts_at, n FROM life
       UNION ALL SELECT md5('spent posting' || n)::uuid, 'spent:' || n, 'spent', person, '', starts_at, :members + n
       FROM life WHERE n % 2 = 1"""),
    ("turns", "SELECT setval('ledger_turn', 2 * :members + 1)"),
    ("entries", f"""INSERT INTO ledger_entry (id, posting, account, lot, amount)
       SELECT gen_random_uuid(), md5(turn || ' posting' || n)::uuid, account, md5('lot' || n)::uuid, amount
       FROM ({_MOVED}) moved"""),
    *ORDER_ROWS,
)  # fmt: skip
