"""What the promises of experiments ask of the plan editor: it takes away nothing that somebody was told is theirs."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.experiments import experiment_cache
from components.foundation import clock, database, formatting
from components.foundation.refusals import Refusal


class PricePromised(Refusal):
    status = 409


class PromisesOfPlan(NamedTuple):
    """So many people may still join at a price of their own, the last of them until `until`; more of them may come
    while an experiment `is_running`."""

    people: int
    until: datetime
    is_running: bool

    @property
    def words(self) -> str:
        who = "1 customer was" if self.people == 1 else f"{self.people:,} customers were"
        return f"{who} promised a lower price of this plan in an experiment, until {formatting.moment(self.until)}."


async def of_plan(plan_id: UUID) -> PromisesOfPlan | None:
    """None where nothing is promised to anybody."""
    [(people, until)] = await database.fetch_rows(_PROMISED, plan_id, clock.now())
    if not people:
        return None
    is_running = any(
        one.plan == plan_id and one.kind == "price" and one.is_running for one in experiment_cache.current()
    )
    return PromisesOfPlan(people, until, is_running)


async def refuse_while_promised(plan_id: UUID, what: str) -> None:
    """Before what would end the promises before their day. Raises `PricePromised`."""
    if (found := await of_plan(plan_id)) is None:
        return
    then = (
        "Stop the experiment, and it can be once that day has passed." if found.is_running else "It can be after that."
    )
    raise PricePromised(f"{found.words} Until then {what}. {then}")


_PROMISED = """
SELECT count(DISTINCT x.person) AS people, max(x.promised_until) AS until
FROM experiment_exposure x JOIN experiment e ON e.id = x.experiment
WHERE e.plan = $1 AND e.kind = 'price' AND x.promised_until > $2
  AND NOT EXISTS (SELECT FROM experiments_subscriptions s WHERE s.payer = x.person AND s.is_running)"""
