"""Free delivery from an amount that lies just above, or just below, where members' baskets lie."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.foundation.formatting import money
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.insights.rollups.day_parts import HELD_THEN
from components.insights.suggestions.suggestion_kind import (
    DAY,
    SEASON,
    SOLD,
    FoundEvidence,
    SuggestedDraft,
    SuggestionKind,
    draft,
)
from components.memberships.benefits.effects import DeliveryEffect
from components.memberships.benefits.kinds import kind

_PRESENT = """SELECT b.id, b.kind, b.name, v.settings::text AS settings FROM insights_benefits b
JOIN insights_benefit_versions v ON v.benefit = b.id AND holds(v.from_at, v.until_at, $1)
WHERE EXISTS (SELECT FROM insights_plan_benefits p WHERE p.benefit = b.id AND holds(p.from_at, p.until_at, $1))"""
_VERSIONS = """SELECT v.benefit AS id, b.kind, b.name, v.settings::text AS settings, v.until_at
FROM insights_benefit_versions v JOIN insights_benefits b ON b.id = v.benefit
WHERE v.benefit = ANY($1) AND v.until_at > $2 AND v.until_at <= $3 ORDER BY v.until_at"""
_HOLDS = f"""EXISTS (SELECT FROM insights_memberships m JOIN insights_plan_benefits pb ON pb.plan = m.plan
    AND pb.benefit = t.benefit AND holds(pb.from_at, pb.until_at, o.paid_at)
  WHERE m.holder = o.person AND {HELD_THEN})"""

# Of a benefit for selected methods only, their ids; an order keeps the name of its method.
_COVERED = """(t.methods = '' OR EXISTS (SELECT FROM insights_delivery_methods d WHERE d.name = o.delivery_method
    AND d.id::text = ANY(string_to_array(t.methods, ' '))))"""


def _rows(amount: str, where: str) -> str:
    return f"""
SELECT b.id::text AS subject, b.name, o.threshold::text AS detail, o.person, o.paid_at AS at, o.delivery_method AS what,
  o.number AS reference, 1 AS times, {amount}::bigint AS amount, o.basket AS other
FROM (SELECT o.*, t.benefit, t.threshold, (SELECT sum(l.regular_unit * l.quantity)::bigint FROM insights_order_lines l
    WHERE l.order_id = o.id AND l.gift IS NULL) AS basket
  FROM insights_orders o CROSS JOIN unnest($4::uuid[], $5::bigint[], $6::text[], $7::timestamptz[])
    t (benefit, threshold, methods, since)
  WHERE {SOLD} AND o.paid_at > t.since AND o.delivery_list > 0 AND {_HOLDS} AND {_COVERED}) o
JOIN insights_benefits b ON b.id = o.benefit WHERE {where}"""


_BELOW = _rows("o.delivery_list", "o.delivery_saved = 0 AND o.basket * 5 >= o.threshold * 4 AND o.basket < o.threshold")
_ABOVE = _rows(
    "o.delivery_saved",
    "o.delivery_saved > 0 AND o.delivery_benefit = o.benefit AND o.basket >= o.threshold "
    "AND o.basket * 5 < o.threshold * 6",
)


class _Benefit(NamedTuple):
    id: UUID
    kind: str
    name: str
    settings: str


class _Version(NamedTuple):
    id: UUID
    kind: str
    name: str
    settings: str
    until_at: datetime


_Amount = tuple[int, str]
"""From which amount on delivery is free, and by which methods (none: by all)."""


def _amounts(row: _Benefit | _Version) -> list[_Amount]:
    of_kind = kind(row.kind)
    effects = of_kind.effects(of_kind.load(row.settings), benefit_id=row.id, name=row.name)
    free = [one.benefit for one in effects if isinstance(one, DeliveryEffect) and one.benefit.threshold > 0]
    return [(one.threshold, " ".join(sorted(map(str, one.methods)))) for one in free]


async def _amounts_of_today(at: datetime) -> dict[UUID, list[_Amount]]:
    """Of benefits of today that make delivery free from an amount on."""
    return {row.id: _amounts(row) for row in await database.fetch_as(_Benefit, _PRESENT, at)}


async def _since(of: dict[UUID, list[_Amount]], at: datetime) -> dict[UUID, datetime]:
    """Of those that had another amount in the season, when that ended: baskets of before say nothing of today's."""
    rows = await database.fetch_as(
        _Version, _VERSIONS, [id for id, found in of.items() if found], at - SEASON * DAY, at
    )
    return {row.id: row.until_at for row in rows if _amounts(row) != of[row.id]}


async def _thresholds(at: datetime) -> tuple[object, ...]:
    found = await _amounts_of_today(at)
    since = await _since(found, at)
    known = [(id, *one, since.get(id, at - SEASON * DAY)) for id, amounts in found.items() for one in amounts]
    return tuple([row[number] for row in known] for number in range(4))


async def _changed_at(at: datetime) -> dict[str, datetime]:
    return {str(id): since for id, since in (await _since(await _amounts_of_today(at), at)).items()}


def _lower(found: FoundEvidence, month: int) -> str:
    return (
        f"{found.evidence} baskets ended just below {money(int(found.detail))}, where “{found.name}” begins: "
        f"members paid {money(month)} for delivery a month"
    )


def _higher(found: FoundEvidence, month: int) -> str:
    return (
        f"{found.evidence} baskets ended just above {money(int(found.detail))}, where “{found.name}” begins: "
        f"{money(month)} of delivery given a month"
    )


def _try(found: FoundEvidence, fifths: int) -> SuggestedDraft:
    wanted = Money(int(found.detail) * fifths // 5, shop_settings.current().currency).plain
    return draft(f"Try {money(int(found.detail) * fifths // 5)}", f"/staff/benefits/{found.subject}", threshold=wanted)


JUST_BELOW = SuggestionKind(
    key="just_below",
    title="Baskets just below free delivery",
    rows=_BELOW,
    further=_thresholds,
    days=SEASON,
    counted="baskets of members less than a fifth below",
    estimate="Would be given away, a month",
    how="What these members paid for delivery by a method that the benefit covers. Gifts don’t count in a basket. With "
    "an amount a fifth lower their delivery would have been free.",
    assumes="That they order as they do. A basket that is filled up to reach the amount brings in more instead.",
    sentence=_lower,
    draft=lambda found, month: _try(found, 4),
    acts=("benefit changed",),
    changed_at=_changed_at,
    other="Basket",
)
JUST_ABOVE = SuggestionKind(
    key="just_above",
    title="Baskets just above free delivery",
    rows=_ABOVE,
    further=_thresholds,
    days=SEASON,
    counted="baskets of members less than a fifth above",
    estimate="Could be earned, a month",
    how="What delivery would have cost these members, who got it free. With an amount a fifth higher they pay it.",
    assumes="That they order as they do, and that nobody leaves. Those who would fill up their basket bring in more.",
    sentence=_higher,
    draft=lambda found, month: _try(found, 6),
    acts=("benefit changed",),
    changed_at=_changed_at,
    other="Basket",
)
