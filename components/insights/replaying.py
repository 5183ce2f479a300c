"""Running a replay: past orders are read in portions, and the draft's row says how far it has come."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from components import catalog
from components.checkout import terms
from components.foundation import clock, database, json
from components.insights import replays
from components.insights.replay import Outcome, Replay, SoldLine, SoldOrder
from components.memberships import offers, publishing, revisions

PORTION = 2_000
NOWHERE = UUID(int=0)


async def run(draft_id: str, run: str) -> None:
    """The job. A run that was overtaken by another change of the draft leaves no trace."""
    draft = await replays.one(UUID(draft_id))
    upto = clock.now()
    since = upto - timedelta(days=draft.days)
    total = await database.fetch_value(_COUNT, since, upto)
    if not await _note("state = 'running', done = 0, total = $3", draft.id, run, total):
        return
    replay = await _replay(draft)
    done = 0
    async for portion in _portions(since, upto):
        for order in portion:
            replay.take(order)
        done += len(portion)
        if not await _note("done = $3", draft.id, run, min(done, total)):
            return
    outcome = await _named(replay)
    await _note(
        "state = 'done', done = total, outcome = $3::json, ran_at = $4", draft.id, run, json.dump(outcome), upto
    )


async def _replay(draft: replays.Drafted) -> Replay:
    now = publishing.rules()
    return Replay(
        now=now,
        drafted=revisions.revised(now, draft.revision, await publishing.unpromised()),
        variant=catalog.snapshot().variant,
        plan_names={plan.id: plan.name for plan in offers.every()},
        cost_share=draft.cost_share,
    )


async def _named(replay: Replay) -> Outcome:
    people = await database.fetch(
        "SELECT id, coalesce(nullif(name, ''), email, 'Somebody') AS name FROM person WHERE id = ANY($1)",
        list(replay.most_changed()),
    )
    return replay.outcome({row["id"]: row["name"] for row in people})


async def _note(changes: str, draft_id: UUID, run: str, *values: Any) -> bool:
    """Whether this is still the run that the draft waits for."""
    sql = f"UPDATE rule_draft SET {changes} WHERE id = $1 AND run = $2"
    return bool(await database.execute(sql, draft_id, UUID(run), *values))


_COUNT = "SELECT count(*)::int FROM orders WHERE paid_at IS NOT NULL AND placed_at > $1 AND placed_at <= $2"
_ORDERS = """
WITH portion AS MATERIALIZED (
  SELECT id, person, placed_at, delivery_list, delivery_saved, delivery_benefit, delivery_method, tax_rate,
    tax_is_included FROM orders
  WHERE paid_at IS NOT NULL AND (placed_at, id) > ($1, $2) AND placed_at <= $3 ORDER BY placed_at, id LIMIT $4)
SELECT o.*, l.variant_id, l.product_id, l.title, l.quantity, l.regular_unit,
  GREATEST(l.regular_unit, coalesce((l.trace->0->>'amount')::bigint, 0)) AS shop_price,
  CASE WHEN o.person IS NULL THEN '{}' ELSE ARRAY(SELECT DISTINCT m.plan FROM membership m
    WHERE m.holder = o.person AND m.starts_at <= o.placed_at AND (m.ends_at IS NULL OR m.ends_at > o.placed_at))
  END AS plans
FROM portion o LEFT JOIN order_line l ON l."order" = o.id AND l.gift IS NULL
ORDER BY o.placed_at, o.id, l.position
"""


async def _portions(since: datetime, upto: datetime) -> AsyncIterator[list[SoldOrder]]:
    methods = {method.name: method.id for method in (await terms.current()).methods}
    at, id = since, UUID(int=2**128 - 1)
    while rows := await database.fetch(_ORDERS, at, id, upto, PORTION):
        yield [_order(list(own), methods) for _, own in groupby(rows, key=lambda row: row["id"])]
        at, id = rows[-1]["placed_at"], rows[-1]["id"]


def _order(rows: list[dict[str, Any]], methods: dict[str, UUID]) -> SoldOrder:
    first = rows[0]
    return SoldOrder(
        person=first["person"],
        plans=frozenset(first["plans"]),
        at=first["placed_at"],
        lines=tuple(_line(row) for row in rows if row["variant_id"] is not None),
        method=methods.get(first["delivery_method"], NOWHERE),
        listed=first["delivery_list"],
        is_free_anyway=first["delivery_saved"] > 0 and first["delivery_benefit"] is None,
        tax_rate=first["tax_rate"],
        tax_is_included=first["tax_is_included"],
    )


def _line(row: dict[str, Any]) -> SoldLine:
    return SoldLine(
        row["variant_id"], row["product_id"], row["title"], row["quantity"], row["shop_price"], row["regular_unit"]
    )
