"""Rule replay over 100,000 order lines in a database of its own: `python -m benchmarks.replay`."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

LINES, PER_ORDER, PEOPLE, PRODUCTS = 100_000, 2.5, 4_000, 300
AIM = 10.0

_ORDERS = """
INSERT INTO orders (id, number, token, person, email, name, currency, goods, member_savings, delivery_list,
  delivery_saved, delivery, tax, tax_rate, tax_name, delivery_method, address, price_context_key, placed_at, expires_at,
  paid_at, stock_taken_at)
SELECT gen_random_uuid(), 'B-' || n, md5(n::text),
  CASE WHEN n % 3 > 0 THEN ($3::uuid[])[1 + n % cardinality($3::uuid[])] END,
  '', '', 'GBP', 5400, 600, 395, 0, 395, 900, 2000, 'VAT', 'Standard', '{}', '',
  $2::timestamptz - make_interval(mins => n), $2::timestamptz, $2::timestamptz - make_interval(mins => n),
  $2::timestamptz - make_interval(mins => n)
FROM generate_series(1, $1::int) n
"""
_LINES = """
INSERT INTO order_line (id, "order", position, variant_id, product_id, title, quantity, regular_unit, unit, total, tax,
  saved, trace)
SELECT gen_random_uuid(), o.id, p, v.id, v.product, 'A piece', 1 + o.n % 2, v.price, v.price, v.price * (1 + o.n % 2),
  0, 0, json_build_array(json_build_object('words', 'Shop price', 'amount', v.price, 'applied', true, 'reason', ''))
FROM (SELECT id, row_number() OVER ()::int AS n FROM orders) o, generate_series(1, 2 + o.n % 2) p
JOIN (SELECT id, product, price, row_number() OVER (ORDER BY id)::int AS n FROM variant) v ON true
WHERE v.n = 1 + (o.n * 7 + p * 13) % (SELECT count(*)::int FROM variant)
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-replay-") as folder:
        os.environ["CLUBFRONT_DATA"] = folder
        for name in ("DATABASE_URL", "STRIPE_SECRET_KEY"):
            os.environ.pop(name, None)
        asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> None:
    from components import catalog, memberships
    from components.foundation import database, embedded, migrations

    await database.connect(embedded.start(folder), pool_size=4)
    try:
        await migrations.apply()
        await _fill()
        await catalog.refresh()
        await memberships.refresh()
        await _replay()
    finally:
        await database.disconnect()
        embedded.stop(folder)


async def _fill() -> None:
    from components.catalog import ProductDetails, VariantDetails, products
    from components.checkout import delivery
    from components.foundation import clock, database, ids
    from components.memberships import comps, offers, plans, promises

    for n in range(PRODUCTS):
        await products.create(ProductDetails(title=f"Piece {n}"), [VariantDetails(price=900 + 37 * n)])
    await delivery.create_method("Standard", fee=395, countries=("GB",), words="")
    plan = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    off = {"way": "percent", "percent": 1000, "covers": "everything"}
    for kind, answers in (("member_price", off), ("free_delivery", {"threshold": 4000})):
        benefit = await promises.define(kind_key=kind, name=kind, answers=answers, by=None)
        await promises.give(plan, benefit, by=None)
    people = [ids.new() for _ in range(PEOPLE)]
    now = clock.now()
    with clock.held(clock.in_days(-365)):
        for person in people[: PEOPLE // 2]:
            await comps.give(person, offers.by_slug("annual", now), until=None, by=ids.new())
    await database.execute(_ORDERS, int(LINES / PER_ORDER), now, people)
    await database.execute(_LINES)
    await database.execute("ANALYZE")


async def _replay() -> None:
    from components.foundation import database, ids
    from components.insights import replaying, replays
    from components.memberships import promises

    by = ids.new()
    draft_id = await replays.begin(name="Fifteen", cost_share=5_000, by=by)
    price = next(one for one in await promises.every() if one.name == "member_price")
    answers = {"way": "percent", "percent": 1500, "covers": "everything"}
    await replays.redefine(draft_id, price.id, name=price.name, answers=answers, by=by)
    await replays.ask(draft_id)
    run = str(await database.fetch_value("SELECT run FROM rule_draft WHERE id = $1", draft_id))
    began = time.perf_counter()
    shown = asyncio.create_task(_watch(replays, draft_id))
    await replaying.run(str(draft_id), run)
    took = time.perf_counter() - began
    seen = await shown
    outcome = (await replays.one(draft_id)).outcome
    assert outcome is not None
    print(f"{outcome.lines:,} lines of {outcome.orders:,} orders in {took:.1f} s (aim {AIM:.0f} s:", end=" ")
    print("reached);" if took < AIM else "missed);", f"progress was seen at {len(seen)} stages")


async def _watch(replays: object, draft_id: object) -> set[int]:
    """The stages somebody sees who looks ten times a second."""
    seen: set[int] = set()
    while True:
        draft = await replays.one(draft_id)  # type: ignore[attr-defined]
        seen.add(draft.done)
        if draft.state == "done":
            return seen
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    main()
