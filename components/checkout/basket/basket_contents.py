"""The contents of a basket, read by the token in the browser's cookie."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.checkout.tables import Attempt, BasketLine
from components.foundation import database, ids, json
from components.foundation.database import Query


@dataclass(frozen=True, slots=True)
class RunningCheckout:
    """A payment that was started for this basket and has not ended; `units` are reserved for it."""

    attempt_id: UUID
    order_id: UUID
    agreed: bytes
    units: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class BasketContents:
    """A basket as stored: quantities by variant in the order they were added."""

    id: UUID
    person_id: UUID | None
    quantities: Mapping[UUID, int]
    running: RunningCheckout | None = None

    @property
    def held(self) -> Mapping[UUID, int]:
        """Units reserved in stock for this basket."""
        return self.running.units if self.running else {}

    @property
    def order_id(self) -> UUID | None:
        """The order of this basket's running payment."""
        return self.running.order_id if self.running else None


_CONTENTS = """
SELECT json_build_object('id', b.id, 'person', b.person,
  'lines', (SELECT coalesce(json_agg(json_build_array(l.variant, l.quantity) ORDER BY l.added_at, l.id), '[]')
    FROM basket_line l WHERE l.basket = b.id),
  'running', (SELECT json_build_array(a.id, a."order", encode(a.agreed, 'hex'), a.units)
    FROM attempt a WHERE a.basket = b.id AND a.ended_at IS NULL))
FROM basket_token t JOIN basket b ON b.id = t.basket WHERE t.digest = $1"""


def query(token: str) -> Query[BasketContents | None]:
    return Query(_CONTENTS, (ids.digest(token),), _contents)


async def by_basket(token: str | None) -> BasketContents | None:
    """The contents of the browser's basket; None when it has none."""
    if token is None:
        return None
    (found,) = await database.batch(query(token))
    return found  # type: ignore[no-any-return]


def _contents(found: Any) -> BasketContents | None:
    if found is None:
        return None
    running = None
    if found["running"]:
        attempt, order, agreed, units = found["running"]
        running = RunningCheckout(UUID(attempt), UUID(order), bytes.fromhex(agreed), _by_variant(units.items()))
    person = UUID(found["person"]) if found["person"] else None
    return BasketContents(UUID(found["id"]), person, _by_variant(found["lines"]), running)


def _by_variant(pairs: Any) -> dict[UUID, int]:
    return {UUID(variant): int(quantity) for variant, quantity in pairs}


async def running_checkout(basket_id: UUID) -> RunningCheckout | None:
    """The basket's checkout attempt that has not ended."""
    found = await Attempt.objects().where(Attempt.basket == basket_id, Attempt.ended_at.is_null()).first()
    if found is None:
        return None
    return RunningCheckout(found.id, found.order, bytes(found.agreed), _by_variant(json.load(found.units).items()))


async def quantities(basket_id: UUID) -> Mapping[UUID, int]:
    lines = BasketLine.select(BasketLine.variant, BasketLine.quantity)
    rows = await lines.where(BasketLine.basket == basket_id)
    return {row["variant"]: row["quantity"] for row in rows}
