"""Plans: creating one, giving it a new price and setting its terms. Members keep the price they joined at."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database, formatting, ids, text
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import shop_settings
from components.memberships.billing import price_migrations
from components.memberships.editing import plan_promises
from components.memberships.plans import plan_cache
from components.memberships.plans.plan_catalogue import by_slug
from components.memberships.tables import Plan, PlanVersion
from components.payments.stripe_account import smallest_charges

__all__ = [
    "BadPrice",
    "BadTerms",
    "PlanTerms",
    "SamePrice",
    "SlugTaken",
    "activate",
    "archive",
    "by_slug",
    "create",
    "revise",
    "set_terms",
    "set_words",
]

INTERVALS = ("week", "month", "year", "life")
TRIAL_ENDS = ("card", "cancel", "pause", "create_invoice")
MOST = 10_000_000
MOST_PLACES = 1_000_000
"""A fee above so many minor units is taken for a mistake, and more places too."""


class SlugTaken(Refusal):
    message = "Another plan already uses this address."


class SamePrice(Refusal):
    message = "This is already the price."


class BadPrice(Refusal):
    message = "Enter a price of zero or more, for at least one week, month or year."


class BadTerms(Refusal):
    message = "A trial can last up to 730 days, a plan can include up to 20 household members and a million places."


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """What a plan offers besides its benefits; `places` 0: any number."""

    trial_days: int = 0
    trial_ends: str = "card"
    seats: int = 0
    is_giftable: bool = False
    tax_category: str = "standard"
    guarantees_fee: bool = False
    places: int = 0

    def __post_init__(self) -> None:
        within = 0 <= self.trial_days <= 730 and 0 <= self.seats <= 20 and 0 <= self.places <= MOST_PLACES
        if not within or self.trial_ends not in TRIAL_ENDS:
            raise BadTerms


async def create(
    *,
    slug: str,
    name: str,
    summary: str,
    price: int,
    interval: str = "month",
    interval_count: int = 1,
    is_once: bool = False,
    position: int = 0,
    by: UUID | None,
) -> UUID:
    """A plan on offer from now on; its id. `price` in minor units of the shop's currency, 0 for a free one.

    Raises `SlugTaken`, `BadPrice`.
    """
    _check(price, interval, interval_count, is_once)
    plan = Plan(
        id=ids.new(), slug=text.slug(slug), name=name, summary=summary, position=position, created_at=clock.now()
    )
    async with database.transaction():
        if not await Plan.insert(plan).on_conflict(action="DO NOTHING").returning(Plan.id):
            raise SlugTaken
        await _add_version(plan.id, price, interval, interval_count, clock.now(), is_once)
        after = {"price": price, "interval": interval, "count": interval_count}
        await audit.record(by, "plan created", "plan", plan.id, after=after)
    await plan_cache.refresh()
    return plan.id


async def revise(
    plan_id: UUID, *, price: int, by: UUID | None, interval: str | None = None, count: int | None = None
) -> None:
    """A new price for new members, as a new version; a migration to the previous price is over.

    Raises `SamePrice`, `BadPrice`, `NotFound`, and the `Refusal` of whoever promised it at the price until now.
    """
    now = clock.now()
    async with database.transaction():
        running = await database.locked(PlanVersion, (PlanVersion.plan == plan_id) & PlanVersion.until_at.is_null())
        if running is None:
            raise NotFound("We couldn’t find this plan.")
        interval, count = interval or running.interval, count or running.interval_count
        _check(price, interval, count, running.is_once)
        if (running.price, running.interval, running.interval_count) == (price, interval, count):
            raise SamePrice
        if price and (interval, count) != (running.interval, running.interval_count):
            await plan_promises.refuse_if_promised(plan_id, "period")
        if price != running.price:
            await plan_promises.refuse_if_promised(plan_id, "price")
        await running.update_self({PlanVersion.until_at: now})
        await _add_version(plan_id, price, interval, count, now, running.is_once)
        await price_migrations.supersede(plan_id)
        before, after = {"price": running.price}, {"price": price, "interval": interval, "count": count}
        await audit.record(by, "plan price changed", "plan", plan_id, before=before, after=after)
    await plan_cache.refresh()


async def set_words(plan_id: UUID, *, name: str, summary: str, position: int, by: UUID | None) -> None:
    """Change the plan's texts. Raises `NotFound`."""
    async with database.transaction():
        plan = await _locked(plan_id)
        before = {"name": plan.name, "summary": plan.summary, "position": plan.position}
        after = {"name": name, "summary": summary, "position": position}
        if before == after:
            return
        await plan.update_self({Plan.name: name, Plan.summary: summary, Plan.position: position})
        await audit.record(by, "plan description changed", "plan", plan_id, before=before, after=after)
    await plan_cache.refresh()


async def activate(plan_id: UUID, *, by: UUID | None) -> None:
    """Offer it to new members."""
    await _set_offered(plan_id, True, "plan activated", by)


async def archive(plan_id: UUID, *, by: UUID | None) -> None:
    """No longer offered to new members; its members keep it. Raises the `Refusal` of whoever promised it."""
    await _set_offered(plan_id, False, "plan archived", by)


async def _set_offered(plan_id: UUID, is_offered: bool, what: str, by: UUID | None) -> None:
    async with database.transaction():
        plan = await _locked(plan_id)
        if plan.is_offered == is_offered:
            return
        if not is_offered:
            await plan_promises.refuse_if_promised(plan_id, "archive")
        await plan.update_self({Plan.is_offered: is_offered})
        await audit.record(by, what, "plan", plan_id)
    await plan_cache.refresh()


async def _locked(plan_id: UUID) -> Plan:
    plan = await database.locked(Plan, Plan.id == plan_id)
    if plan is None:
        raise NotFound("We couldn’t find this plan.")
    return plan


async def set_terms(plan_id: UUID, terms: PlanTerms, *, by: UUID | None) -> None:
    """For new members; seats also for current ones. A guarantee is of fees that are paid from now on."""
    async with database.transaction():
        plan = await _locked(plan_id)
        columns = [getattr(Plan, one.name) for one in fields(PlanTerms)]
        before = {one._meta.name: getattr(plan, one._meta.name) for one in columns}
        await plan.update_self({one: getattr(terms, one._meta.name) for one in columns})
        await audit.record(by, "plan terms changed", "plan", plan_id, before=before, after=asdict(terms))
    await plan_cache.refresh()


async def _add_version(plan_id: UUID, price: int, interval: str, count: int, at: datetime, is_once: bool) -> None:
    await PlanVersion.insert(
        PlanVersion(
            id=ids.new(), plan=plan_id, price=price, currency=shop_settings.current().currency, interval=interval,
            interval_count=count, is_once=is_once, from_at=at,
        )
    )  # fmt: skip


def _check(price: int, interval: str, count: int, is_once: bool) -> None:
    if not 0 <= price <= MOST or count < 1 or interval not in INTERVALS:
        raise BadPrice
    if is_once and not price:
        raise BadPrice("A plan that is paid once needs a price.")
    if 0 < price < (least := smallest_charges.of(shop_settings.current().currency)):
        raise BadPrice(f"A paid plan costs at least {formatting.money(least)}: less cannot be charged to a card.")
    if price and interval == "life" and not is_once:
        raise BadPrice("A paid plan needs a week, month or year to bill by, or to be paid once.")
    if not is_once and count * {"week": 7, "month": 30, "year": 365, "life": 0}[interval] > 3 * 366:
        raise BadPrice("A plan has to bill at least every three years.")
