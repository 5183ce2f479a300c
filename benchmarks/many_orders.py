"""`check-invariants` over so many orders: seconds, memory, and whether anybody else waits.

`python -m benchmarks.many_orders [orders]`. Paid orders with their lines, stock movements, reservations, facts, emails
and parcels are written by SQL, all of them right, and a little damage: then a first check in passing, a full one, and
one in passing once the full one has set its mark.
"""

import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

from components.foundation import database
from components.foundation.consistency.table_keys import Extent
from components.foundation.database import embedded, migrations
from components.insights import invariants

VARIANTS = 2000
_TIME = "timestamptz '2021-11-01' + n * (interval '5 years' / $1::bigint)"
_KEY = """(lpad(to_hex((extract(epoch FROM {time}) * 1000)::bigint), 12, '0') || '7' || substr(md5('{salt}' || n), 1, 3)
  || '8' || substr(md5('{salt}' || n), 4, 15))::uuid"""


def _rows(table: str, columns: str, values: str) -> str:
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(1, $1::bigint) n"


def _key(salt: str) -> str:
    return _KEY.format(time=_TIME, salt=salt)


PRODUCTS = (
    """INSERT INTO product (id, slug, title, description, vendor, kind, tags, option_names, created_at, changed_at)
       SELECT gen_random_uuid(), 'p' || n, 'Mug', '', '', '', '{}', '{}', now(), now() FROM generate_series(1, $1::int) n""",
    """INSERT INTO variant (id, product, title, options, price, barcode, sku, on_hand)
       SELECT md5('v' || n)::uuid, p.id, '', '{}', 2400, '', n, 0 FROM generate_series(0, $1::int - 1) n
       JOIN product p ON p.slug = 'p' || (n + 1)""",
)
VARIANT = f"md5('v' || n % {VARIANTS})::uuid"
ORDERS = (
    _rows("orders", """id, number, email, name, currency, goods, member_savings, delivery_list, delivery_saved,
        delivery, tax, tax_rate, tax_name, total, delivery_method, address, price_context_key, payment_reference, placed_at,
        expires_at, paid_at, stock_taken_at, fulfilled_at""",
      f"""{_key('o')}, 'S-' || n, 'guest@post.test', 'Guest', 'GBP', 4800, 0, 0, 0, 0, 800, 2000, 'VAT', 4800,
        '', '{{}}', 'guest', 'pi_' || n, {_TIME}, {_TIME}, {_TIME}, {_TIME}, {_TIME}"""),
    _rows("order_line", """id, "order", position, variant_id, product_id, title, quantity, regular_unit, unit, total, tax,
        saved, trace""",
      f"""{_key('l')}, {_key('o')}, 0, {VARIANT}, (SELECT product FROM variant WHERE id = {VARIANT}), 'Mug', 2, 2400, 2400,
        4800, 800, 0, '[]'"""),
    _rows("order_tax", 'id, "order", position, name, rate_bp, net, amount',
      f"{_key('x')}, {_key('o')}, 0, 'VAT', 2000, 4000, 800"),
    _rows("fulfilment", 'id, "order", at', f"{_key('f')}, {_key('o')}, {_TIME}"),
    _rows("reservation", "id, variant, quantity, because_of, until, ended_at, ended_as",
      f"{_key('r')}, {VARIANT}, 2, {_key('o')}, {_TIME}, {_TIME}, 'sold'"),
    _rows("stock_movement", "id, variant, change, kind, because_of, at",
      f"{_key('m')}, {VARIANT}, -2, 'sold', {_key('o')}, {_TIME}"),
    _rows("announced_fact", "id, name, body, announced_at",
      f"{_key('a')}, 'OrderPaid', json_build_object('order_id', {_key('o')}), {_TIME}"),
    _rows("email", "id, key, recipient, template, subject, html, text, created_at",
      f"""{_key('e')}, 'order-confirmation:' || {_key('o')}, 'guest@post.test', 'order_confirmation', 'Your order', '', '',
        {_TIME}"""),
    _rows("mirrored_payment", "stripe_id, purpose, reference_id, status, amount, received, currency, created_at, mirrored_at",
      f"'pi_' || n, 'order', {_key('o')}, 'succeeded', 4800, 4800, 'GBP', {_TIME}, {_TIME}"),
    _rows("checkout_session", """id, purpose, reference_id, key, request, fingerprint, status, amount, currency,
        payment_intent, created_at, expires_at, paid_at""",
      f"""{_key('c')}, 'order', {_key('o')}, 'k' || n, '{{}}', '', 'complete', 4800, 'GBP', 'pi_' || n, {_TIME}, {_TIME},
        {_TIME}"""),
)  # fmt: skip
STOCK = """INSERT INTO stock_movement (id, variant, change, kind, at)
  SELECT gen_random_uuid(), variant, -sum(change), 'opening', now() - interval '6 years' FROM stock_movement GROUP BY 2"""
DAMAGE = """UPDATE order_line SET unit = unit + 1 WHERE "order" IN (
  SELECT id FROM orders TABLESAMPLE BERNOULLI (1) ORDER BY random() LIMIT $1)"""


HURRIED = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "'2GB'"}
"""While the rows are written: they are thrown away afterwards. The check runs with the shop's own settings."""


async def fill(orders: int) -> None:
    for name, value in HURRIED.items():
        await database.execute(f"ALTER SYSTEM SET {name} = {value}")
    await database.execute("SELECT pg_reload_conf()")
    await _write(orders)
    await database.execute("ALTER SYSTEM RESET ALL")
    await database.execute("SELECT pg_reload_conf()")
    await _patiently("CHECKPOINT")


async def _write(orders: int) -> None:
    for statement in PRODUCTS:
        await database.execute(statement, VARIANTS)
    for statement in ORDERS:
        began = time.monotonic()
        async with database.transaction():
            await database.execute("SET LOCAL session_replication_role = replica")
            await database.execute("SELECT set_config('statement_timeout', '0', true)")
            await _patiently(statement, orders)
        print(f"  {statement.split(' ')[2]:20} {time.monotonic() - began:6.0f} s", flush=True)
    await database.execute(STOCK)
    await _patiently("ANALYZE")


async def _patiently(statement: str, *args: object) -> None:
    from components.foundation.database.pool import connection

    async with connection(statement) as one:
        await one.execute(statement, *args, timeout=3600)


LOCKS = """SELECT DISTINCT mode FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND relation IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"""
SIZE = "SELECT pg_size_pretty(pg_database_size(current_database())) AS size"


async def reader(waits: list[float], locks: set[str]) -> None:
    """Somebody who looks at an order and its lines, all the while, and at what the check holds."""
    while True:
        locks.update(row["mode"] for row in await database.fetch(LOCKS))
        began = time.monotonic()
        await database.fetch(
            """SELECT * FROM order_line WHERE "order" = (SELECT id FROM orders WHERE number = 'S-5')"""
        )
        waits.append(time.monotonic() - began)
        await asyncio.sleep(0.02)


async def check(name: str, extent: Extent) -> None:
    waits: list[float] = []
    locks: set[str] = set()
    reading = asyncio.create_task(reader(waits, locks))
    began, found = time.monotonic(), 0
    async for part in invariants.examine(extent):
        found += len(part.found)
    seconds = time.monotonic() - began
    reading.cancel()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = sum(extent.looked_at.values())
    print(f"{name:32}{seconds:7.1f} s  {rows:11,} rows  {found:4} found  {memory:5.0f} MB at most  "
          f"a reader waits {max(waits) * 1000:.0f} ms at most; locks: {', '.join(sorted(locks))}; "
          f"{extent.unchecked or 'all checked'}",
          flush=True)  # fmt: skip


async def run(orders: int, folder: Path) -> None:
    await database.connect(embedded.start(folder), pool_size=4)
    try:
        await migrations.apply()
        print(f"Writing {orders:,} orders …", flush=True)
        await fill(orders)
        print((await database.fetch(SIZE))[0]["size"], flush=True)
        await check("first, in passing", await invariants.in_passing())
        full = Extent()
        await check("full", full)
        await invariants.remember(full)
        await check("in passing, after a full one", await invariants.in_passing())
        for damaged in (10, 1000):
            await database.execute(DAMAGE, damaged)
            await check(f"in passing, {damaged} lines damaged", await invariants.in_passing())
    finally:
        await database.disconnect()


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory(prefix="clubfront-many-") as folder:
        try:
            asyncio.run(run(orders, Path(folder)))
        finally:
            embedded.stop(Path(folder))


if __name__ == "__main__":
    main()
