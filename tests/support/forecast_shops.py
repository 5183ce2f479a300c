"""A shop with a past of two years: members who renew or leave, order and use benefits, written as rows."""

from datetime import datetime
from uuid import UUID

from components.foundation import database

PEOPLE = 180


def _chance(what: str) -> str:
    """A number between 0 and 1 for each person, always the same."""
    return f"(('x' || substr(md5('{what}' || n), 1, 7))::bit(28)::int / 268435455.0)"


_ROWS = f"""SELECT *,
  CASE WHEN began + make_interval(months => paid) <= $1 THEN began + make_interval(months => paid) END
  AS ended FROM (
  SELECT n, md5('person' || n)::uuid AS person, md5('sub' || n)::uuid AS sub,
    $1::timestamptz - make_interval(days => (30 + 690 * {_chance("age")})::int) AS began,
    least(30, ceil(ln({_chance("life")} + 1e-9) / ln(1 - (0.03 + 0.25 * {_chance("leaves")} ^ 3))))::int AS paid,
    3 + 60 * {_chance("every")} AS every, {_chance("stops")} AS stops
  FROM generate_series(1, $2::int) n) lived"""
STATEMENTS = (
    f"""INSERT INTO person (id, email, name, created_at)
      SELECT person, 'n' || n || '@kiln.test', 'Member ' || n, began FROM ({_ROWS}) r""",
    f"""INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at, started_at, ended_at)
      SELECT sub, person, $3, CASE WHEN ended IS NULL THEN 'active' ELSE 'cancelled' END, 1, began, began, ended
      FROM ({_ROWS}) r""",
    f"""INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
      SELECT md5('held' || n)::uuid, person, v.plan, 'subscription', sub, began, ended
      FROM ({_ROWS}) r JOIN plan_version v ON v.id = $3""",
    f"""INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at, plan_version,
        net_amount, net_price, is_partial, taxes)
      SELECT md5('paid' || n || '.' || k)::uuid, sub, 'in_' || n || '.' || k, began + make_interval(months => k),
        began + make_interval(months => k + 1), 450, 'GBP', began + make_interval(months => k), $3, 375, 375, false,
        '[{{"name": "VAT", "rate_bp": 2000, "tax": 75}}]'
      FROM ({_ROWS}) r, generate_series(0, paid - 1) k WHERE began + make_interval(months => k) <= $1""",
    f"""INSERT INTO orders (id, number, person, email, name, currency, goods, member_savings, delivery_list,
        delivery_saved, delivery, tax, tax_rate, tax_name, total, delivery_method, address, price_context_key,
        payment_reference, placed_at, expires_at, paid_at, stock_taken_at, fulfilled_at)
      SELECT md5('order' || n || '.' || k)::uuid, 'F' || n || '-' || k, person, 'n@kiln.test', 'Member', 'GBP',
        1000 + 10 * n, 0, 0, 0, 0, 0, 0, 'VAT', 1000 + 10 * n, '', '{{}}', 'guest', 'pi_' || n || k, at, at, at, at, at
      FROM (SELECT r.*, k, began + make_interval(days => (k * every)::int) AS at
        FROM ({_ROWS}) r, generate_series(0, 40) k WHERE k <= 1 + 12 * stops) o WHERE at <= $1""",
    f"""INSERT INTO benefit_use (id, person, reference, kind, words, why, regular, paid, currency, at)
      SELECT md5('use' || n || '.' || k)::uuid, person, 'use:' || n || '.' || k, 'member_price', '', '', 100, 90, 'GBP',
        at
      FROM (SELECT r.*, k, began + make_interval(months => k) AS at,
          ('x' || substr(md5('month' || n || '.' || k), 1, 7))::bit(28)::int / 268435455.0 AS chance FROM ({_ROWS}) r,
        generate_series(0, 24) k WHERE k <= 1 + 20 * stops) u WHERE at <= $1 AND chance < 0.3 + every / 120""",
)


async def written(version: UUID, at: datetime, *, people: int = PEOPLE) -> None:
    """As of the instant; nobody's address, lines or postings are needed."""
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        for statement in STATEMENTS:
            asks = (at, people, version) if "$3" in statement else (at, people)
            await database.execute(statement, *asks)


async def adopted(most: int) -> None:
    """So many of those who pay were paid for elsewhere first."""
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute(_ADOPTED, most)


async def spends_unevenly() -> None:
    """A few people's orders are worth thousands of times what most people's are."""
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute(_UNEVEN)


_ADOPTED = """UPDATE paid_period SET is_opening = true, amount = 0, net_amount = 0
  WHERE invoice LIKE '%.0' AND subscription IN (
    SELECT id FROM subscription WHERE status = 'active' ORDER BY id LIMIT $1)"""
_UNEVEN = """UPDATE orders SET total = (1000 / power(
  greatest(('x' || substr(md5(person::text), 1, 7))::bit(28)::int / 268435455.0, 0.001), 2.2))::bigint"""
