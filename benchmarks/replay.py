"""A backtest over 100,000 order lines, with every kind of benefit in the draft: `python -m benchmarks.replay`."""

import asyncio
import os
import tempfile
import time
from pathlib import Path
from uuid import UUID

from benchmarks import loop_lag

LINES, PER_ORDER, PEOPLE, PRODUCTS = 100_000, 2.5, 4_000, 300
AIM = 10.0
OFF = {"discount_type": "percent", "percent": 1000, "covers": "everything"}
BACK = {"rate": 200, "cap": 5000, "each": "year", "days": 365}

_ORDERS = """
INSERT INTO orders (id, number, person, email, name, currency, goods, member_savings, delivery_list,
  delivery_saved, delivery, tax, tax_rate, tax_name, delivery_method, address, price_context_key, placed_at, expires_at,
  paid_at, stock_taken_at)
SELECT gen_random_uuid(), 'B-' || n,
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
_REFUNDS = """
INSERT INTO refund (id, "order", amount, currency, at, status, settled_at)
SELECT gen_random_uuid(), id, 900, 'GBP', placed_at + interval '3 days', 'succeeded', placed_at + interval '3 days'
FROM orders WHERE total > 900 AND number LIKE '%7'
"""
_SUBSCRIPTIONS = """
INSERT INTO subscription (id, payer, plan_version, status, created_at)
SELECT m.source_id, m.holder, (SELECT id FROM plan_version LIMIT 1), 'active', m.starts_at FROM membership m
"""
_PERIODS = """
INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at)
SELECT gen_random_uuid(), m.source_id, m.id::text || n, $1::timestamptz - make_interval(days => 30 * n),
  $1::timestamptz - make_interval(days => 30 * (n - 1)), 400, 'GBP', $1::timestamptz - make_interval(days => 30 * n)
FROM membership m, generate_series(1, 12) n
"""
_BIRTHDAYS = """
INSERT INTO person (id, email, name, birthday, created_at)
SELECT holder, holder || '@bench.test', '', date '1980-01-01' + (row_number() OVER ())::int % 365, now() FROM membership
"""
_COSTS = "UPDATE variant SET cost = price / 3 WHERE position = 0 AND price % 2 = 0"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-replay-") as folder:
        os.environ["CLUBFRONT_DATA"] = folder
        for name in ("DATABASE_URL", "STRIPE_SECRET_KEY"):
            os.environ.pop(name, None)
        asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> None:
    from components.catalog.snapshot import snapshot_refresh
    from components.foundation import database
    from components.foundation.database import embedded, migrations
    from components.memberships.plans import plan_cache

    await database.connect(embedded.start(folder), pool_size=4)
    try:
        await migrations.apply()
        await _fill()
        await snapshot_refresh.refresh()
        await plan_cache.refresh()
        await _replay()
    finally:
        await database.disconnect()
        embedded.stop(folder)


async def _fill() -> None:
    from components.catalog.product_details import ProductDetails, VariantDetails
    from components.catalog.products import products
    from components.checkout.delivery import delivery_methods, delivery_zones
    from components.checkout.delivery.delivery_methods import MethodTerms
    from components.foundation import clock, database, ids
    from components.memberships.editing import plan_benefits, plans
    from components.memberships.grants import complimentary
    from components.memberships.plans import plan_catalogue

    for n in range(PRODUCTS):
        await products.create(ProductDetails(title=f"Piece {n}"), [VariantDetails(price=900 + 37 * n)])
    zones = await delivery_zones.of_countries("GB")
    await delivery_methods.create_method(MethodTerms(name="Standard", fee=395, zones=zones))
    plan = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    for kind, answers in (("member_price", OFF), ("free_delivery", {"threshold": 4000}), ("cashback", BACK)):
        benefit = await plan_benefits.create_benefit(kind_key=kind, name=kind, answers=answers, by=None)
        await plan_benefits.attach(plan, benefit, by=None)
    people = [ids.new() for _ in range(PEOPLE)]
    now = clock.now()
    with clock.frozen(clock.in_days(-365)):
        for person in people[: PEOPLE // 2]:
            await complimentary.grant(person, plan_catalogue.by_slug("annual", now), until=None, by=ids.new())
    await database.execute(_ORDERS, int(LINES / PER_ORDER), now, people)
    await database.execute(_LINES)
    for sql in (_REFUNDS, _SUBSCRIPTIONS, _BIRTHDAYS, _COSTS):
        await database.execute(sql)
    await database.execute(_PERIODS, now)
    await database.execute("ANALYZE")


def _new(cup: str) -> tuple[tuple[str, dict[str, object]], ...]:
    """A new benefit of every kind, except the kinds that are only changed."""
    gift = {"variants": [cup], "days": 60, "number": 3, "amount": 20_000}
    occasions = ("joining", "anniversary", "birthday", "streak", "spend")
    return (
        ("early_access", {"hours": 72, "covers": "everything"}),
        ("members_only", {"covers": "everything"}),
        ("content", {}),
        ("periodic_credit", {"amount": 300, "days": 90}),
        ("partner_code", {"promise": "A fifth off a farm"}),
        ("perk", {"promise": "Repairs at cost"}),
        *(("gift", {"occasion": occasion, **gift}) for occasion in occasions),
    )


async def _draft(by: UUID) -> UUID:
    """Every kind of benefit: some changed, the rest new."""
    from components.catalog.snapshot import snapshot_refresh
    from components.insights.backtests import rule_drafts
    from components.memberships.editing import plan_benefits
    from components.memberships.plans import plan_catalogue

    draft_id = await rule_drafts.create(name="Everything", cost_share=5_000, by=by)
    known = {one.name: one.id for one in await plan_benefits.all_benefits()}
    changes = (("member_price", {**OFF, "percent": 1500}), ("free_delivery", {"threshold": 2000}),
               ("cashback", {**BACK, "rate": 300}))  # fmt: skip
    for name, answers in changes:
        await rule_drafts.set_revision(draft_id, known[name], name=name, answers=answers, by=by)
    plan = plan_catalogue.by_slug("annual").id
    for kind, answers in _new(str(snapshot_refresh.snapshot().products[0].variants[0].id)):
        await rule_drafts.add_benefit(draft_id, kind_key=kind, name=kind, answers=answers, plan=plan, by=by)
    return draft_id


async def _replay() -> None:
    from components.foundation import database, ids
    from components.insights.backtests import backtest_runner, rule_drafts

    draft_id = await _draft(ids.new())
    await rule_drafts.request_run(draft_id)
    run = str(await database.fetch_value("SELECT run FROM rule_draft WHERE id = $1", draft_id))
    began, worked = time.perf_counter(), time.process_time()
    shown = asyncio.create_task(_watch(rule_drafts, draft_id))
    gap = await loop_lag.longest_gap_ms(lambda: backtest_runner.run(str(draft_id), run))
    took, worked = time.perf_counter() - began, time.process_time() - worked
    seen = await shown
    outcome = (await rule_drafts.by_id(draft_id)).outcome
    assert outcome is not None
    given = ", ".join(f"{one.name} {one.times_drafted:,}" for one in outcome.kinds if one.times_drafted)
    print(f"given in the draft: {given}")
    print(f"{outcome.lines:,} lines of {outcome.orders:,} orders in {took:.1f} s (aim {AIM:.0f} s:", end=" ")
    print("reached);" if took < AIM else "missed);", f"progress was seen at {len(seen)} stages")
    print(f"{worked:.1f} s of processor time in this process; the loop was held for {gap:.0f} ms at most")


async def _watch(replays: object, draft_id: object) -> set[int]:
    """The stages seen by somebody who looks ten times a second."""
    seen: set[int] = set()
    while True:
        draft = await replays.one(draft_id)  # type: ignore[attr-defined]
        seen.add(draft.done)
        if draft.state == "done":
            return seen
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    main()
