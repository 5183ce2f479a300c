"""Members who were about to cancel: who is kept, whose fees are given back, and how many come."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.experiments import experiment_traffic, experiment_watch, experiments
from components.foundation import clock, database, ids
from tests.components.experiments import made
from tests.components.experiments.test_experiment_results import ask, later, seen
from tests.support import make_plans


async def subscribed(person: UUID, *, ended: int | None = None, is_ending: bool = False) -> UUID:
    """Since a month; `ended` so many days from now."""
    made_id, version = ids.new(), await database.fetch_value("SELECT id FROM plan_version LIMIT 1")
    await database.execute(
        """INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at, started_at, ended_at,
          cancel_at, order_country, order_region) VALUES ($1, $2, $3, 'active', 1, $4, $4, $5, $6, '', '')""",
        made_id, person, version, clock.now() - timedelta(days=30),
        clock.now() + timedelta(days=ended) if ended is not None else None,
        clock.now() + timedelta(days=300) if is_ending else None,
    )  # fmt: skip
    return made_id


async def cancelled(person: UUID, subscription: UUID, day: int, withdrawn: int | None = None) -> None:
    await database.execute(
        """INSERT INTO cancel_attempt (id, subscription, person, reason, words, by_staff, at, withdrawn_at)
        VALUES ($1, $2, $3, '', '', false, $4, $5)""",
        ids.new(), subscription, person, clock.now() + timedelta(days=day),
        clock.now() + timedelta(days=withdrawn) if withdrawn is not None else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ({}, True),
        ({"ended": 20}, False),
        ({"ended": 40}, True),
        ({"is_ending": True, "cancel": (5, None)}, False),
        ({"is_ending": True, "cancel": (35, None)}, True),
        ({"cancel": (5, 10)}, True),
        ({"cancel": (5, 35)}, False),
        ({"is_ending": True, "cancel": (5, 10)}, True),
        ({"ended": 50, "cancel": (5, None)}, False),
        ({"cancel": (5, None)}, True),
    ],
)
async def test_a_member_is_kept_who_is_one_and_not_cancelled_when_their_days_are_over(
    db: None, given: dict[str, Any], is_kept: bool
) -> None:
    """The last: it was withdrawn at Stripe, and the shop knows only that it is cancelled no more."""
    await make_plans.club()
    experiment = (await made.started(made.offers_draft(days=30), by=await made.owner())).row.id
    (one,) = await ask(experiment, 1)
    await ask(experiment, 0)
    cancel = given.pop("cancel", None)
    subscription = await subscribed(one, **given)
    if cancel is not None:
        await cancelled(one, subscription, *cancel)
    later(days=30)
    counted = (await seen(experiment)).arms
    assert [(arm.counted.people, arm.counted.total) for arm in counted] == [(1, 0), (1, int(is_kept))]
    later(days=100)
    assert (await seen(experiment)).arms[1].counted.total == is_kept, "what comes later changes nothing"


async def test_fees_that_are_refunded_are_guarded_too(db: None) -> None:
    await make_plans.club()
    experiment = (await made.started(made.offers_draft(most_refunds=200), by=await made.owner())).row.id
    bad = await ask(experiment, 1, 200)
    await ask(experiment, 0, 200)
    for person in bad[:40]:
        await database.execute(
            """INSERT INTO fee_refund
              (id, subscription, invoice, amount, credit, currency, reason, ends_now, status, at)
            VALUES ($1, $2, $3, 100, 0, 'GBP', '', false, 'succeeded', $4)""",
            ids.new(), await subscribed(person), f"in_{ids.new()}", clock.now(),
        )  # fmt: skip
    later(days=30)
    await experiment_watch.watch()
    assert "an order or a fee refunded" in (await experiments.by_id(experiment)).row.stopped_why


async def test_traffic_of_offers_is_of_members_who_were_about_to_cancel(db: None) -> None:
    await make_plans.club()
    for days, is_ending in ((-5, True), (-5, False), (-57, True)):
        person = ids.new()
        subscription = await subscribed(person, is_ending=is_ending)
        await cancelled(person, subscription, days, None if is_ending else -4)
        await cancelled(person, subscription, days, -4)
    found = await experiment_traffic.leaving()
    assert (found.people, found.joined, found.base_bp) == (2, 1, 5_000)
