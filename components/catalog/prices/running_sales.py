"""The sales that apply to a variant: its own dated sale, and the shop's sales over it or its collections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.catalog.views import Sale
from components.foundation import clock, database
from components.foundation.money import share_of

REMEMBERED = timedelta(days=60)
"""An ended sale is still loaded for this long: the lowest price before the next one may come from it."""


@dataclass(frozen=True, slots=True)
class Made:
    """One of the shop's sales as applied to a price."""

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
    """The shop's sales by the collection or variant they cover."""

    by_id: Mapping[UUID, tuple[Made, ...]]

    def of(self, variant_id: UUID, price: int, own: Sale | None, collection_ids: Iterable[UUID]) -> tuple[Sale, ...]:
        """The sales of a variant, including its `own`, in the order they begin."""
        found = [made.on(price) for id in (variant_id, *collection_ids) for made in self.by_id.get(id, ())]
        if own is not None:
            found.append(own)
        if len(found) < 2:
            return tuple(found)
        return tuple(sorted(set(found), key=lambda sale: (sale.from_at is not None, sale.from_at, sale.price)))


_RUNNING = """
SELECT name, scope_ids, discount_type, value, from_at, until_at FROM sale_price
WHERE withdrawn_at IS NULL AND holds('-infinity', until_at, $1) ORDER BY from_at, id"""
"""Plain SQL, because it runs with every change of the catalogue."""


async def running_at() -> RunningSales:
    found: defaultdict[UUID, list[Made]] = defaultdict(list)
    for name, scope_ids, *terms in await database.fetch_rows(_RUNNING, clock.now() - REMEMBERED):
        made = Made(name, *terms)
        for id in scope_ids:
            found[id].append(made)
    return RunningSales({id: tuple(many) for id, many in found.items()})
