"""Which plan the members of each price, product or level of the earlier system get."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.adoption import adoption_runs
from components.adoption.adoption_runs import NotItsTurn
from components.adoption.candidates import UNBILLED, Candidate
from components.adoption.tables import AdoptionPlan
from components.foundation import database, ids
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.adopting import kept_prices
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments import plan_prices, references
from components.payments.stripe_calls import foreign_answers


class PaidOncePlan(Refusal):
    message = "A plan that is paid once cannot be billed again and again. Choose another one."


@dataclass(frozen=True, kw_only=True)
class PriceThere:
    """`people` are the rows that would be adopted. `is_settled`: an earlier run has chosen its plan."""

    id: UUID
    key: str
    title: str
    amount: int | None
    currency: str
    interval: str
    interval_count: int
    plan: UUID | None
    is_settled: bool
    people: int

    @property
    def fee(self) -> Money | None:
        return Money(self.amount, self.currency) if self.amount else None


async def of_run(run_id: UUID) -> list[PriceThere]:
    """Those with most members first."""
    return await database.fetch_as(PriceThere, _OF_RUN, run_id)


_OF_RUN = """
SELECT p.id, p.key, p.title, p.amount, p.currency, p.interval, p.interval_count, p.plan, p.is_settled,
  count(r.id) AS people
FROM adoption_plan p LEFT JOIN adoption_row r ON r.run = p.run AND r.plan_key = p.key
  AND r.verdict IN ('adopt', 'move', 'until', 'give')
WHERE p.run = $1 GROUP BY p.id ORDER BY people DESC, p.title"""


def plans() -> tuple[PlanView, ...]:
    """Those that may be chosen."""
    return plan_catalogue.all_plans()


async def note(run_id: UUID, one: Candidate) -> None:
    """Remember its price, with what it is called at Stripe and the plan that an earlier run gave it."""
    if await AdoptionPlan.exists().where((AdoptionPlan.run == run_id) & (AdoptionPlan.key == one.plan_key)):
        return
    version = await references.local_id_of(one.price) if one.price else None
    plan = _plan_of(version)
    title = (await foreign_answers.price(one.price)).title if one.price else one.title
    row = AdoptionPlan(
        id=ids.new(), run=run_id, key=one.plan_key, title=title[:200], price=one.price,
        amount=None if one.billing == UNBILLED else one.amount, currency=one.currency, interval=one.interval[:8],
        interval_count=one.count, plan=plan, version=version if plan else None, is_settled=plan is not None,
    )  # fmt: skip
    await AdoptionPlan.insert(row).on_conflict(action="DO NOTHING")


def _plan_of(version: UUID | None) -> UUID | None:
    if version is None:
        return None
    return plan_catalogue.by_version(version).id


async def choose(run_id: UUID, chosen: Mapping[str, UUID | None]) -> None:
    """The plan of each price, by the price's id; None for those that are left there. Raises `NotItsTurn`,
    `PaidOncePlan`."""
    run = await adoption_runs.by_id(run_id)
    if run.state != "read":
        raise NotItsTurn
    once = {plan.id for plan in plans() if plan.is_once}
    async with database.transaction():
        for price in await of_run(run_id):
            plan = chosen.get(str(price.id))
            if plan in once and price.amount:
                raise PaidOncePlan
            if not price.is_settled:
                await AdoptionPlan.update({AdoptionPlan.plan: plan}).where(AdoptionPlan.id == price.id)


async def version_for(run_id: UUID, one: Candidate) -> UUID:
    """The version of the chosen plan that keeps this price, made when it is first needed. Within a transaction."""
    is_it = (AdoptionPlan.run == run_id) & (AdoptionPlan.key == one.plan_key)
    row = await database.locked(AdoptionPlan, is_it)
    assert row is not None and row.plan is not None
    known: UUID | None = row.version
    if known is not None:
        return known
    already = await references.local_id_of(one.price) if one.price else None
    version = already or await kept_prices.keep(
        row.plan, price=one.amount or 0, currency=one.currency, interval=one.interval, count=one.count
    )
    if one.price and already is None:
        await references.store(plan_prices.KIND, version, one.price)
    await row.update_self({AdoptionPlan.version: version, AdoptionPlan.made_version: already is None})
    return version


async def forget_versions(run_id: UUID) -> None:
    """Those that it made and nobody has any more."""
    for row in await AdoptionPlan.objects().where((AdoptionPlan.run == run_id) & (AdoptionPlan.made_version.eq(True))):
        async with database.transaction():
            if not await kept_prices.forget(row.version):
                continue
            if row.price:
                await references.remove(row.price)
            forgotten: dict[Column | str, Any] = {AdoptionPlan.version: None, AdoptionPlan.made_version: False}
            await AdoptionPlan.update(forgotten).where(AdoptionPlan.version == row.version)
            await row.update_self({AdoptionPlan.version: None, AdoptionPlan.made_version: False})
    await kept_prices.refresh()
