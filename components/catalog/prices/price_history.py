"""Past prices of variants. Each change is recorded; a reduction is shown with the lowest price of the 30 days before
it.

Article 6a of Directive 98/6/EC (added by 2019/2161): the lowest price offered to everybody in the 30 days before the
reduction began. Before the first record, the price of the first record is assumed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from components.catalog.product_details import VariantDetails
from components.catalog.tables import PriceRecord
from components.catalog.views import Sale
from components.foundation import clock, database, ids

WINDOW = timedelta(days=30)
KEPT = frozenset({"price", "compare_at", "sale_price", "sale_from", "sale_until"})
"""A change of these columns of a variant makes a record."""

_REDUCED = """SELECT r.variant, r.at, r.price, r.sale_price, r.sale_from, r.sale_until
FROM price_record r JOIN variant v ON v.id = r.variant JOIN product p ON p.id = v.product
WHERE p.status = 'active' AND v.withdrawn_at IS NULL AND (v.sale_price IS NOT NULL OR v.compare_at IS NOT NULL
  OR EXISTS (SELECT FROM sale_price s WHERE s.withdrawn_at IS NULL AND (v.id = ANY(s.scope_ids) OR EXISTS (
    SELECT FROM collection_product c WHERE c.product = p.id AND c.collection = ANY(s.scope_ids)))))"""
_REDUCED_OF_ALL = f"{_REDUCED} ORDER BY r.variant, r.at, r.id"
_REDUCED_OF_SOME = f"{_REDUCED} AND p.id = ANY($1) ORDER BY r.variant, r.at, r.id"


@dataclass(frozen=True, slots=True)
class PricePoint:
    """What everybody was charged from an instant on: a price, and possibly a dated sale of the variant's own."""

    at: datetime
    price: int
    sale: Sale | None

    def price_at(self, at: datetime) -> int:
        return min(self.price, self.sale.price) if self.sale and self.sale.is_on(at) else self.price


History = Mapping[UUID, Sequence[PricePoint]]


_COLUMNS = ("id", "variant", "at", "price", "sale_price", "sale_from", "sale_until")


async def record(*priced: tuple[UUID, VariantDetails]) -> None:
    """Record the prices of these variants from now on, within the transaction that changes them."""
    at = clock.now()
    rows = [(ids.new(), id, at, each.price, each.sale_price, each.sale_from, each.sale_until) for id, each in priced]
    await database.insert_rows(PriceRecord, _COLUMNS, rows)


async def for_reduced(ids: Collection[UUID] | None) -> History:
    """The records of every variant with a past, current or future reduction, oldest first; of these products, or of
    all."""
    if ids is None:
        rows = await database.fetch_rows(_REDUCED_OF_ALL)
    else:
        rows = await database.fetch_rows(_REDUCED_OF_SOME, list(ids))
    found: defaultdict[UUID, list[PricePoint]] = defaultdict(list)
    for variant_id, at, price, sale_price, sale_from, sale_until in rows:
        sale = None if sale_price is None else Sale(sale_price, sale_from, sale_until)
        found[variant_id].append(PricePoint(at, price, sale))
    return found


def with_lowest(sale: Sale, past: Sequence[PricePoint], sales: Sequence[Sale], price: int) -> Sale:
    """The sale with the lowest price of the 30 days before it began."""
    began = sale.from_at or (past[-1].at if past else None)
    if began is None:
        return replace(sale, lowest_before=price)
    return replace(sale, lowest_before=_lowest(past, sales, began, price))


def lowest_before_reduction(past: Sequence[PricePoint], sales: Sequence[Sale]) -> int | None:
    """Where the price is below its compare-at price: the lowest of the 30 days before that began.

    None when it has always been so: there is then no earlier price to state.
    """
    if not past:
        return None
    now = past[-1].price
    since = next((n for n in range(len(past) - 1, -1, -1) if past[n].price != now), None)
    if since is None:
        return None
    return _lowest(past[: since + 1], sales, past[since + 1].at, now)


def _lowest(past: Sequence[PricePoint], sales: Sequence[Sale], began: datetime, price: int) -> int:
    first = began - WINDOW
    edges = (edge for sale in (*sales, *_own(past)) for edge in (sale.from_at, sale.until) if edge is not None)
    instants = {first, *(edge for edge in edges if first < edge < began), *(a.at for a in past if first < a.at < began)}
    return min(_asked(past, sales, at, price) for at in instants)


def _own(past: Sequence[PricePoint]) -> list[Sale]:
    return [asked.sale for asked in past if asked.sale is not None]


def _asked(past: Sequence[PricePoint], sales: Sequence[Sale], at: datetime, price: int) -> int:
    held = next((asked for asked in reversed(past) if asked.at <= at), past[0] if past else None)
    regular = held.price_at(at) if held else price
    return min((regular, *(sale.price for sale in sales if sale.is_on(at) and not _is_own(sale, past))))


def _is_own(sale: Sale, past: Sequence[PricePoint]) -> bool:
    """Whether the variant's own records contain this sale."""
    return any(asked.sale == sale for asked in past)
