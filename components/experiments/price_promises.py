"""What the promises of experiments, of prices and of benefits, ask of the plan editor: it takes away nothing that
somebody was told is theirs."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.experiments import experiment_cache
from components.experiments.tables import Experiment
from components.foundation import clock, database, formatting
from components.foundation.refusals import Refusal
from components.memberships.editing.plan_promises import PlanChange


class PricePromised(Refusal):
    status = 409


class PromisesOfPlan(NamedTuple):
    """So many people may still join at a price, or with benefits, of their own (`kind`: one at a time on a plan), the
    last of them until `until`; more of them may come while an experiment `is_running`."""

    people: int
    until: datetime
    kind: str
    is_running: bool

    @property
    def words(self) -> str:
        who = "1 customer was" if self.people == 1 else f"{self.people:,} customers were"
        what = "a lower price" if self.kind == "price" else "a better benefit"
        return f"{who} promised {what} of this plan in an experiment, until {formatting.moment(self.until)}."


async def of_plan(plan_id: UUID) -> PromisesOfPlan | None:
    """None where nothing is promised to anybody."""
    [(people, until, kind)] = await database.fetch_rows(_PROMISED, plan_id, clock.now())
    if not people:
        return None
    is_running = any(one.plan == plan_id and one.kind == kind and one.is_running for one in experiment_cache.current())
    return PromisesOfPlan(people, until, kind, is_running)


async def refuse_while_promised(plan_id: UUID, what: str) -> None:
    """Before what would end the promises before their day. Raises `PricePromised`."""
    if (found := await of_plan(plan_id)) is None:
        return
    then = (
        "Stop the experiment, and it can be once that day has passed." if found.is_running else "It can be after that."
    )
    raise PricePromised(f"{found.words} Until then {what}. {then}")


async def refuse_price_while_promised(plan_id: UUID) -> None:
    """Before another price: whoever was promised a benefit was promised it at this one. Raises `PricePromised`."""
    found = await of_plan(plan_id)
    if found is not None and found.kind == "benefits":
        await refuse_while_promised(plan_id, "its price stays as they were told it")


async def keep_promises(plan_id: UUID, change: PlanChange) -> None:
    """Before a plan changes, in the transaction that changes it: nothing of it is promised until that is over. Raises
    `PricePromised`."""
    running = (Experiment.plan == plan_id) & (Experiment.state == "running")
    await Experiment.select(Experiment.id).where(running).order_by(Experiment.id).lock_rows("UPDATE")
    if change == "price":
        await refuse_price_while_promised(plan_id)
    elif change == "period":
        await refuse_while_promised(plan_id, "how often it is billed can’t be changed")
    else:
        await refuse_while_promised(plan_id, "it can’t be archived")


async def trouble_beside(plan_id: UUID, kind: str) -> str:
    """Why an experiment of this kind can't begin: prices and benefits of a plan are promised one at a time."""
    found = await of_plan(plan_id)
    if found is None or found.kind == kind:
        return ""
    return f"{found.words} {'A price' if kind == 'price' else 'A benefit'} of it can be tried after that."


_PROMISED = """
SELECT count(DISTINCT x.person) AS people, max(x.promised_until) AS until, max(e.kind) AS kind
FROM experiment_exposure x JOIN experiment e ON e.id = x.experiment
WHERE e.plan = $1 AND e.kind IN ('price', 'benefits') AND x.promised_until > $2
  AND NOT EXISTS (SELECT FROM experiments_subscriptions s WHERE s.payer = x.person AND s.is_running)"""
