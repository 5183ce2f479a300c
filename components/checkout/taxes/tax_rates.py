"""Editing tax rates and categories. Orders that were placed keep what they were charged."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from piccolo.columns.combination import And

from components.checkout.tables import TaxCategory, TaxRate
from components.checkout.taxes import domestic_tax_refresh
from components.foundation import audit, clock, database, ids
from components.foundation.database import transaction
from components.foundation.operations import deletions
from components.foundation.operations.deletions import Restored, RowsOf, Thing
from components.foundation.postal import postal_regions
from components.foundation.refusals import Conflict, NotFound, Refusal
from components.pricing.tax import STANDARD

AT_ONCE = timedelta(minutes=2)
"""What is taken back this soon was never so."""
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
BUILT_IN = (
    (STANDARD, "Standard rate"),
    ("reduced", "Reduced rate"),
    ("reduced-2", "Second reduced rate"),
    ("zero", "Zero rate"),
)


class UnknownRate(NotFound):
    message = "This tax rate does not exist."


class NotEnded(Conflict):
    message = "This tax rate has not ended, or it is in force again already."


class SetMeanwhile(Conflict):
    message = "Another rate has been set there meanwhile, so this one was not brought back. Set it again if need be."


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
                after = {"rate_bp": rate.rate_bp, "name": rate.name, "category": rate.category}
                starts = {"from_at": from_at.isoformat()} if from_at else {}
                await audit.record(by, "tax rate set", "tax rate", _where(rate), after=after | starts)
        await database.notify(domestic_tax_refresh.CHANNEL)
    await domestic_tax_refresh.refresh()


async def _start(rate: NewRate, now: datetime) -> datetime:
    """The first rate of a place and category holds as if it always had; another begins now."""
    return now if await TaxRate.exists().where(_of_place(rate)) else ALWAYS


def _of_place(rate: NewRate | TaxRate) -> And:
    place = (TaxRate.country == rate.country) & (TaxRate.region == rate.region)
    return place & (TaxRate.category == rate.category)


def _where(rate: NewRate | TaxRate) -> str:
    return f"{rate.country}-{rate.region}" if rate.region else rate.country


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


async def remove(rate_id: UUID, *, by: UUID) -> UUID | None:
    """A rate that has begun ends now; one that was only planned is deleted: what it is brought back by.

    Raises `UnknownRate`.
    """
    now, deletion = clock.now(), None
    async with transaction():
        rate = await database.locked(TaxRate, TaxRate.id == rate_id)
        if rate is None or (rate.until_at is not None and rate.until_at <= now):
            raise UnknownRate
        if rate.from_at > now:
            name = f"{rate.name} {rate.rate_bp / 100:g}% from {rate.from_at:%-d %B %Y}, {_where(rate)}"
            thing = Thing("tax rate", rate_id, name, "/staff/settings/tax")
            deletion = await deletions.delete(thing, (RowsOf(TaxRate, TaxRate.id, [rate_id]),), by=by)
        else:
            await TaxRate.update(until_at=now).where(TaxRate.id == rate_id)
        before = {"rate_bp": rate.rate_bp, "name": rate.name, "category": rate.category}
        await audit.record(by, "tax rate removed", "tax rate", _where(rate), before=before)
        await database.notify(domestic_tax_refresh.CHANNEL)
    await domestic_tax_refresh.refresh()
    return deletion


async def resume(rate_id: UUID, *, by: UUID) -> None:
    """Take back that it ended. At once it is as if it had never ended; later it holds from now on, for what was charged
    in between has to stay readable.

    Raises `UnknownRate`, `NotEnded`, `SetMeanwhile`.
    """
    now = clock.now()
    async with transaction():
        rate = await database.locked(TaxRate, TaxRate.id == rate_id)
        if rate is None:
            raise UnknownRate
        if rate.until_at is None:
            raise NotEnded
        later = (TaxRate.from_at > rate.from_at) & (TaxRate.from_at <= now)
        if await TaxRate.exists().where(_of_place(rate) & later):
            raise SetMeanwhile
        if now - rate.until_at <= AT_ONCE:
            await TaxRate.update(until_at=None).where(TaxRate.id == rate_id)
        else:
            said = ("country", "region", "category", "name", "rate_bp", "is_added", "source")
            await _insert(NewRate(**{name: getattr(rate, name) for name in said}), now, now)
        after = {"rate_bp": rate.rate_bp, "name": rate.name, "category": rate.category}
        await audit.record(by, "tax rate set", "tax rate", _where(rate), after=after)
        await database.notify(domestic_tax_refresh.CHANNEL)
    await domestic_tax_refresh.refresh()


async def bring_back(deletion_id: UUID, *, by: UUID | None) -> Restored:
    """A planned rate that was deleted, unless it would have begun by now. Raises `BadRate`, and as `restore` does."""
    now = clock.now()
    async with transaction():
        restored = await deletions.restore(deletion_id, by=by)
        begun = TaxRate.id.is_in(list(restored.ids_in("tax_rate", "id"))) & (TaxRate.from_at <= now)
        if await TaxRate.exists().where(begun):
            raise BadRate("It would have begun meanwhile, and orders were charged another one. Set it anew.")
        await database.notify(domestic_tax_refresh.CHANNEL)
    await domestic_tax_refresh.refresh()
    return restored


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
        if slug in {*await category_names(), "exempt", "goods", "delivery"}:
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
    if rate.region and rate.region not in dict(postal_regions.of_country(rate.country)):
        raise BadRate(f"No address there names a state or province “{rate.region}”: its rate would never be charged.")
    if rate.is_added and not rate.region:
        raise BadRate("Only the tax of a state or province can be added to that of its country.")
