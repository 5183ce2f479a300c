"""Which sales touch a variant: its own dated one, and those of the shop over it or over its collections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    from_at: datetime
    until_at: datetime | None

    def on(self, price: int) -> Sale:
        asked = price - share_of(price, self.value) if self.discount_type == "percent" else self.value
        return Sale(max(0, asked), self.from_at, self.until_at, self.name)


@dataclass(frozen=True, slots=True)
class RunningSales:
    """The shop's sales, by the collection or the variant they are over."""

    by_id: Mapping[UUID, tuple[Made, ...]]

    def of(self, variant_id: UUID, price: int, own: Sale | None, collection_ids: Iterable[UUID]) -> tuple[Sale, ...]:
        """Those of a variant, in the order they begin, its `own` among them."""
        found = [made.on(price) for id in (variant_id, *collection_ids) for made in self.by_id.get(id, ())]
        if own is not None:
            found.append(own)
        if len(found) < 2:
            return tuple(found)
        return tuple(sorted(set(found), key=lambda sale: (sale.from_at is not None, sale.from_at, sale.price)))


_RUNNING = """
SELECT name, scope_ids, discount_type, value, from_at, until_at FROM sale_price
WHERE withdrawn_at IS NULL AND (until_at IS NULL OR until_at > $1) ORDER BY from_at, id"""
"""Plain SQL: it is read with every change of the catalogue."""


async def running_at() -> RunningSales:
    found: defaultdict[UUID, list[Made]] = defaultdict(list)
    for name, scope_ids, *terms in await database.fetch_rows(_RUNNING, clock.now() - REMEMBERED):
        made = Made(name, *terms)
        for id in scope_ids:
            found[id].append(made)
    return RunningSales({id: tuple(many) for id, many in found.items()})
