"""Editing tax rates and categories. Orders that were placed keep what they were charged."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from components.checkout.tables import TaxCategory, TaxRate
from components.checkout.taxes import domestic_tax_refresh
from components.foundation import audit, clock, database, ids
from components.foundation.database import transaction
from components.foundation.refusals import NotFound, Refusal
from components.pricing.tax import STANDARD

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
BUILT_IN = (
    (STANDARD, "Standard rate"),
    ("reduced", "Reduced rate"),
    ("reduced-2", "Second reduced rate"),
    ("zero", "Zero rate"),
)


class UnknownRate(NotFound):
    message = "This tax rate does not exist."


class BadRate(Refusal):
    message = "This tax rate cannot be set."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRate:
    """A rate to be set, in basis points. `source` is where it was taken from, "" for one that was typed."""

    country: str
    rate_bp: int
    name: str
    region: str = ""
    category: str = STANDARD
    is_added: bool = False
    source: str = ""


async def set_rate(
    country: str,
    *,
    rate_bp: int,
    name: str = "VAT",
    region: str = "",
    category: str = STANDARD,
    is_added: bool = False,
    from_at: datetime | None = None,
    by: UUID | None = None,
) -> None:
    """The tax of a place and category from an instant on, now if none is named. Raises `BadRate`."""
    rate = NewRate(country=country, rate_bp=rate_bp, name=name, region=region, category=category, is_added=is_added)
    await set_rates([rate], from_at=from_at, by=by)


async def set_rates(rates: Sequence[NewRate], *, from_at: datetime | None = None, by: UUID | None = None) -> None:
    """All of these at once. Raises `BadRate`."""
    now = clock.now()
    if from_at is not None and from_at < now:
        raise BadRate("A new rate cannot begin in the past: orders have been charged the old one.")
    async with transaction():
        known = await category_names()
        for rate in rates:
            _check(rate, known)
            await _insert(rate, from_at or await _start(rate, now), now)
            if by is not None:
                where = f"{rate.country}-{rate.region}" if rate.region else rate.country
                after = {"rate_bp": rate.rate_bp, "name": rate.name, "category": rate.category}
                starts = {"from_at": from_at.isoformat()} if from_at else {}
                await audit.record(by, "tax rate set", "tax rate", where, after=after | starts)
        await database.notify(domestic_tax_refresh.CHANNEL)
    await domestic_tax_refresh.refresh()


async def _start(rate: NewRate, now: datetime) -> datetime:
    """The first rate of a place and category holds as if it always had; another begins now."""
    place = (TaxRate.country == rate.country) & (TaxRate.region == rate.region)
    return now if await TaxRate.exists().where(place & (TaxRate.category == rate.category)) else ALWAYS


async def _insert(rate: NewRate, from_at: datetime, now: datetime) -> None:
    row = TaxRate(
        id=ids.new(), country=rate.country, region=rate.region, category=rate.category, name=rate.name,
        rate_bp=rate.rate_bp, is_added=rate.is_added, from_at=from_at, made_at=now, source=rate.source,
    )  # fmt: skip
    await TaxRate.insert(row).on_conflict(
        target=(TaxRate.country, TaxRate.region, TaxRate.category, TaxRate.from_at),
        action="DO UPDATE",
        values=(TaxRate.rate_bp, TaxRate.name, TaxRate.is_added, TaxRate.until_at, TaxRate.source),
    )


async def remove(rate_id: UUID, *, by: UUID) -> None:
    """A rate that has begun ends now; one that was only planned is forgotten. Raises `UnknownRate`."""
    now = clock.now()
    async with transaction():
        rate = await database.locked(TaxRate, TaxRate.id == rate_id)
        if rate is None:
            raise UnknownRate
        if rate.from_at > now:
            await TaxRate.delete().where(TaxRate.id == rate_id)
        else:
            await TaxRate.update(until_at=now).where(TaxRate.id == rate_id)
        before = {"rate_bp": rate.rate_bp, "name": rate.name, "category": rate.category}
        where = f"{rate.country}-{rate.region}" if rate.region else rate.country
        await audit.record(by, "tax rate removed", "tax rate", where, before=before)
        await database.notify(domestic_tax_refresh.CHANNEL)
    await domestic_tax_refresh.refresh()


async def category_names() -> dict[str, str]:
    """Every category that goods may have, with its name; those of the shop's own come last."""
    own = await TaxCategory.select().order_by(TaxCategory.name)
    return dict(BUILT_IN) | {row["slug"]: row["name"] for row in own}


async def add_category(name: str, *, by: UUID | None = None) -> str:
    """A category of the shop's own; returns its slug. Raises `BadRate`."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30].strip("-")
    if not slug:
        raise BadRate("The name of a tax category needs letters or digits.")
    async with transaction():
        if slug in {*await category_names(), "exempt", "goods"}:
            raise BadRate("There is a tax category of this name already.")
        await TaxCategory.insert(TaxCategory(slug=slug, name=name))
        if by is not None:
            await audit.record(by, "tax category added", "tax category", slug, after={"name": name})
    return slug


def _check(rate: NewRate, known: dict[str, str]) -> None:
    if not 0 <= rate.rate_bp <= 10_000:
        raise BadRate("A tax rate is from 0 to 100 per cent.")
    if rate.category not in known or rate.category == "zero":
        raise BadRate("This tax category has no rates of its own.")
    if rate.is_added and not rate.region:
        raise BadRate("Only the tax of a state or province can be added to that of its country.")
