"""What is known of one person that choices are made from: what they bought, what goes with it, and, if they agreed,
what they looked at. One statement, for one or for many; nothing of whoever switched it off or is erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from components.behaviour import visit_consents
from components.foundation import database
from components.foundation.database import Query
from components.foundation.shop_settings import shop_settings

MOST_BOUGHT, MOST_PAIRS, MOST_SEEN = 20, 8, 12
TYPES = ("uuid[]", "timestamptz", "bool", "bool")


@dataclass(frozen=True, slots=True)
class Bought:
    """`title` as it was sold."""

    product: UUID
    title: str
    at: datetime
    goes_with: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    slug: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonalHistory:
    """Newest first: of `bought` the latest alone, while `had` is all of two years. `visited_at` is their last visit
    before this one, where visits are kept."""

    bought: tuple[Bought, ...] = ()
    had: frozenset[UUID] = frozenset()
    looked: tuple[Looked, ...] = ()
    visited_at: datetime | None = None

    @property
    def ordered_at(self) -> datetime | None:
        return self.bought[0].at if self.bought else None


def is_on() -> bool:
    """Whether the shop chooses anything for anybody."""
    return shop_settings.current().personal_shelves == "on"


def query(person_ids: Iterable[UUID], at: datetime, *, with_visits: bool = True) -> Query[dict[UUID, PersonalHistory]]:
    """By person, of those who have not switched it off. Visits only `with_visits` and where the shop keeps them."""
    wanted = list(person_ids) if is_on() else []
    kept = with_visits and visit_consents.keeps_visits()
    return Query(_HISTORIES, (wanted, at, kept, visit_consents.must_ask()), _read, TYPES)


async def of_person(person_id: UUID, at: datetime, *, with_visits: bool = True) -> PersonalHistory | None:
    """None for whoever switched it off, is erased, or where the shop has."""
    if not is_on():
        return None
    (found,) = await database.batch(query([person_id], at, with_visits=with_visits))
    return found.get(person_id)  # type: ignore[no-any-return]


async def of_people(person_ids: Iterable[UUID], at: datetime) -> dict[UUID, PersonalHistory]:
    """For e-mails, without visits."""
    if not is_on():
        return {}
    (found,) = await database.batch(query(person_ids, at, with_visits=False))
    return found  # type: ignore[no-any-return]


def _read(found: Any) -> dict[UUID, PersonalHistory]:
    return {UUID(person): _history(*known) for person, *known in found or ()}


def _history(bought: Any, had: Any, looked: Any, visited_at: float | None) -> PersonalHistory:
    return PersonalHistory(
        tuple(Bought(UUID(id), title, _at(at), tuple(map(UUID, more or ()))) for id, title, at, more in bought or ()),
        frozenset(map(UUID, had or ())),
        tuple(Looked(slug, _at(at)) for slug, at in looked or ()),
        None if visited_at is None else _at(visited_at),
    )


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_THEIRS = """FROM recommendations_order_lines l
      WHERE l.person = p.id AND l.paid_at <= $2 AND l.paid_at > $2 - interval '2 years'"""
_HISTORIES = f"""
SELECT json_agg(json_build_array(p.id,
  (SELECT json_agg(json_build_array(b.product_id, b.title, extract(epoch FROM b.at), (
      SELECT json_agg(g.other ORDER BY g.score DESC, g.other) FROM (
        SELECT other, score FROM product_pair WHERE product = b.product_id
        ORDER BY score DESC, other LIMIT {MOST_PAIRS}) g)) ORDER BY b.at DESC, b.product_id)
    FROM (SELECT l.product_id, max(l.title) AS title, max(l.paid_at) AS at {_THEIRS}
      GROUP BY l.product_id ORDER BY max(l.paid_at) DESC, l.product_id LIMIT {MOST_BOUGHT}) b),
  (SELECT json_agg(DISTINCT l.product_id::text) {_THEIRS}),
  (SELECT json_agg(json_build_array(s.slug, extract(epoch FROM s.at)) ORDER BY s.at DESC, s.slug)
    FROM (SELECT v.slug, max(v.at) AS at FROM recommendations_views v
      WHERE $3 AND v.person = p.id AND v.kind = 'product' AND v.at <= $2 AND v.at > $2 - interval '60 days'
        AND (v.asked = 'asked' OR NOT $4)
      GROUP BY v.slug ORDER BY max(v.at) DESC, v.slug LIMIT {MOST_SEEN}) s),
  (SELECT extract(epoch FROM max(v.at)) FROM recommendations_views v
    WHERE $3 AND v.person = p.id AND v.at <= $2 - interval '6 hours' AND (v.asked = 'asked' OR NOT $4))))
FROM recommendations_people p
WHERE p.id = ANY($1) AND p.erased_at IS NULL AND p.personal_off_at IS NULL"""
