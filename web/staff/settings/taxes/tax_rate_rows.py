"""Tax rates as their page lists them: those in force and those that are planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.checkout.taxes.tax_book import Rate, TaxBook
from components.checkout.taxes.tax_rates import ALWAYS
from components.foundation import clock
from components.foundation.postal import postal_regions
from web import countries


@dataclass(frozen=True, kw_only=True)
class RateRow:
    """`since` is None for a rate that holds as if it always had; `is_planned` until it begins. Of one that `is_nowhere`
    no address names the place, so that it is never charged.
    """

    id: UUID
    place: str
    is_nowhere: bool
    category: str
    name: str
    rate_bp: int
    is_added: bool
    since: datetime | None
    is_planned: bool


def rate_rows(rates: Sequence[Rate], names: Mapping[str, str], *, at: datetime | None = None) -> tuple[RateRow, ...]:
    now = at or clock.now()
    shown = [*TaxBook(tuple(rates)).in_force(now), *(rate for rate in rates if rate.from_at > now)]
    order = list(names)
    shown.sort(key=lambda rate: (countries.name(rate.country), rate.region, _place_in(order, rate), rate.from_at))
    return tuple(_row(rate, names, now) for rate in shown)


def _row(rate: Rate, names: Mapping[str, str], now: datetime) -> RateRow:
    country, regions = countries.name(rate.country), dict(postal_regions.of_country(rate.country))
    return RateRow(
        id=rate.id,
        place=f"{country}, {regions.get(rate.region, rate.region)}" if rate.region else country,
        is_nowhere=bool(rate.region) and rate.region not in regions,
        category=names.get(rate.category, rate.category),
        name=rate.name,
        rate_bp=rate.rate_bp,
        is_added=rate.is_added,
        since=None if rate.from_at == ALWAYS else rate.from_at,
        is_planned=rate.from_at > now,
    )


def _place_in(order: list[str], rate: Rate) -> int:
    return order.index(rate.category) if rate.category in order else len(order)
