"""Which sales touch a variant: its own dated one, and those of the shop over it or over its collections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from components.catalog.views import Sale
from components.foundation import clock, database
from components.foundation.money import share_of

REMEMBERED = timedelta(days=60)
"""For so long an ended sale is still known: the lowest price before the next one may be its."""


@dataclass(frozen=True, slots=True)
class Made:
    """One sale of the shop as it applies to a price."""

    name: str
    discount_type: str
    value: int
    from_at: Any
    until_at: Any

    def on(self, price: int) -> Sale:
        asked = price - share_of(price, self.value) if self.discount_type == "percent" else self.value
        return Sale(max(0, asked), self.from_at, self.until_at, self.name)


@dataclass(frozen=True, slots=True)
class RunningSales:
    """The shop's sales, by the collection or the variant they are over."""

    by_id: Mapping[UUID, tuple[Made, ...]]

    def of(self, variant: Mapping[str, Any], collection_ids: Iterable[UUID]) -> tuple[Sale, ...]:
        """Those of a variant's row, in the order they begin; one that asks no less than the price is none."""
        found = [
            made.on(variant["price"]) for id in (variant["id"], *collection_ids) for made in self.by_id.get(id, ())
        ]
        if variant["sale_price"] is not None:
            found.append(Sale(variant["sale_price"], variant["sale_from"], variant["sale_until"]))
        if len(found) < 2:
            return tuple(found)
        return tuple(sorted(set(found), key=lambda sale: (sale.from_at is not None, sale.from_at, sale.price)))


async def running_at() -> RunningSales:
    rows = await database.fetch(
        """SELECT name, scope_ids, discount_type, value, from_at, until_at FROM sale_price
        WHERE withdrawn_at IS NULL AND (until_at IS NULL OR until_at > $1) ORDER BY from_at, id""",
        clock.now() - REMEMBERED,
    )
    found: defaultdict[UUID, list[Made]] = defaultdict(list)
    for row in rows:
        ids = row.pop("scope_ids")
        for id in ids:
            found[id].append(Made(**row))
    return RunningSales({id: tuple(many) for id, many in found.items()})
