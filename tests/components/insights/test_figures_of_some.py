"""Figures of one country or one segment are those of its members, worked out again member by member; and the parts of
everybody add up to all, however little is rolled up yet."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.insights.movements import movements
from components.insights.periods import plan_flow_queries, programme
from components.insights.programme import (
    cancel_figures,
    chosen_people,
    dunning,
    member_lift,
    movement_rates,
    renewal_rate,
    trial_rates,
)
from components.insights.rollups import figure_rolls, kept_comparison, payer_countries
from components.memberships.plans.plan_catalogue import PlanView
from components.segments import segment_editing
from tests.components.insights.test_kept_figures import PEOPLE, History
from tests.components.insights.test_kept_plans import plans as plans
from tests.conftest import NOON
from tests.figures.ledger_walk import merge_changes
from tests.support import canary_rows
from web.staff.reports.programme import taken_over_words

DAY = timedelta(days=1)
COUNTRIES = ("GB", "FR", "")
SPAN = (NOON - 100 * DAY, NOON)
EDGES = [NOON - days * DAY for days in (150, 100, 31, 0)]


async def paid(person: UUID, plan: PlanView, at: datetime, country: str, *, amount: int = 450) -> None:
    """Without an amount it was paid elsewhere, before the membership was taken over."""
    sub = await database.fetch_value("SELECT id FROM subscription WHERE payer = $1", person)
    if sub is None:
        sub = ids.new()
        await database.execute(
            """INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at, started_at)
            VALUES ($1, $2, $3, 'active', 1, $4, $4)""", sub, person, plan.version_id, at,
        )  # fmt: skip
    await database.execute(
        """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
          plan_version, net_amount, net_price, is_partial, is_opening, tax_country)
        VALUES ($1::uuid, $2, 'in_' || $1::text, $3, $4, $7::bigint, 'GBP', $3, $5, $7, 450, false, $7 = 0, $6)""",
        ids.new(), sub, at, at + 30 * DAY, plan.version_id, country, amount,
    )  # fmt: skip


@pytest.fixture(params=[1, 2, 3])
async def lived(plans: list[PlanView], request: pytest.FixtureRequest) -> dict[UUID, str]:
    """Where each of them lived when they last paid; half of what they did is rolled up."""
    dice, history = random.Random(request.param), History()
    await canary_rows.add_all("person", [{"id": one, "email": f"{one.hex}@k.test", "name": ""} for one in PEOPLE])
    last: dict[UUID, tuple[datetime, str]] = {}
    for n in range(60):
        person, minutes = dice.choice(PEOPLE), dice.randrange(216_000)
        await history.write((PEOPLE.index(person), minutes, 0, dice.choice([0, 200, 450, 900])))
        at, country = NOON - timedelta(minutes=minutes), dice.choice(COUNTRIES[:2])
        await paid(person, dice.choice(plans), at, country)
        last[person] = max(last.get(person, (at, country)), (at, country))
        if n == 30:
            await figure_rolls.roll_all()
    for number, person in enumerate(PEOPLE):
        sub = await database.fetch_value("SELECT id FROM subscription WHERE payer = $1", person)
        if sub is None:
            continue
        attempt = {"id": ids.new(), "subscription": sub, "person": person, "reason": "price"}
        await canary_rows.add_all("cancel_attempt", [attempt | {"at": NOON - (3 + number) * DAY}])
        trial = {"id": ids.new(), "person": person, "subscription": sub, "at": NOON - (5 + number) * DAY}
        trial["email_key"] = person.hex
        await canary_rows.add_all("trial", [trial])
    return {person: country for person, (_, country) in last.items()}


async def _tries(plan: PlanView) -> UUID:
    """Somebody who wanted to cancel a trial, nine days ago."""
    person, sub, at = ids.new(), ids.new(), NOON - 9 * DAY
    await canary_rows.add_all("person", [{"id": person, "email": f"{person.hex}@k.test", "name": ""}])
    await database.execute(
        """INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at, started_at)
        VALUES ($1, $2, $3, 'active', 1, $4, $4)""", sub, person, plan.version_id, at,
    )  # fmt: skip
    who = {"person": person, "subscription": sub, "at": at}
    await canary_rows.add_all("trial", [{"id": ids.new(), "email_key": person.hex, **who}])
    await canary_rows.add_all("cancel_attempt", [{"id": ids.new(), "reason": "price", **who}])
    return person


async def test_who_stayed_after_a_trial_makes_no_country_look_better_than_all(plans: list[PlanView]) -> None:
    """Whoever tried and left is of no country: then whoever tried, stayed and paid counts in none either."""
    _, stayed = [await _tries(plans[0]) for _ in range(2)]
    await paid(stayed, plans[0], NOON - 8 * DAY, "GB")
    assert (await _answers())["cancelled"] == 2 and (await _answers("GB"))["cancelled"] == 0
    attempt = {"id": ids.new(), "person": stayed, "reason": "price", "at": NOON - 5 * DAY}
    attempt["subscription"] = await database.fetch_value("SELECT id FROM subscription WHERE payer = $1", stayed)
    await canary_rows.add_all("cancel_attempt", [attempt])
    assert (await _answers("GB"))["cancelled"] == 1, "after the first fee all of them count"


async def test_who_was_taken_over_and_has_paid_nothing_here_is_in_no_country(plans: list[PlanView]) -> None:
    assert await payer_countries.of_none() == 0
    one, two = [await _tries(plans[0]) for _ in range(2)]
    for person in (one, two):
        await paid(person, plans[0], NOON - 8 * DAY, "", amount=0)
    assert await payer_countries.of_none() == 2
    assert (await taken_over_words.sentence()).startswith("2 people with memberships from another system have paid")
    await paid(two, plans[0], NOON - 2 * DAY, "GB")
    assert (await taken_over_words.sentence()).startswith("1 person with a membership from another system has paid")


async def _answers(country: str = "", segment: UUID | None = None) -> dict[str, Any]:
    some = await chosen_people.of(country, segment)
    whom = some.whom
    flows = plan_flow_queries.query_of(EDGES, whom) if whom else plan_flow_queries.query(EDGES)
    rates, renewals, cancelled, failed, lift, trials, moved = await some.batch(
        movement_rates.query(*SPAN, whom=whom), renewal_rate.query(*SPAN, whom=whom),
        cancel_figures.query(*SPAN, whom=whom, of_country=bool(country)), dunning.query(*SPAN, whom=whom),
        member_lift.query(*SPAN, whom=whom), trial_rates.query(*SPAN, whom=whom), flows,
    )  # fmt: skip
    due = renewal_rate.together(renewals)
    return {
        "start": rates.period.start, "moved": sum(rates.period.moved.values()),
        "lost": rates.starters.lost_of_start, "due": due.due, "renewed": due.renewed, "waiting": due.waiting,
        "cancelled": cancel_figures.together(cancelled).attempts, "failed": failed.failed, "trials": trials.started,
        "joined": lift.before.known, "mrr": [moved.mrr(at) for at in EDGES],
        "members": [moved.members(at) for at in EDGES], "left": moved.left(EDGES[1], EDGES[2]),
    }  # fmt: skip


def _sum(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        key: [sum(column) for column in zip(*(one[key] for one in parts), strict=True)]
        if isinstance(parts[0][key], list) else sum(one[key] for one in parts)
        for key in parts[0]
    }  # fmt: skip


async def test_of_a_country_it_is_what_its_members_did_and_the_countries_are_all(lived: dict[UUID, str]) -> None:
    found = {country: await _answers(country) for country in COUNTRIES[:2]}
    everybody = await _answers()
    changes = merge_changes(await movements.ledger())
    for country, one in found.items():
        theirs = [change for change in changes if lived.get(change.person) == country]
        for number, at in enumerate(EDGES):
            before = [change for change in theirs if change.at < at]
            assert one["mrr"][number] == sum(change.amount for change in before), (country, at)
        assert one["start"] == sum(change.amount for change in theirs if change.at < SPAN[0])
        assert one["cancelled"] == one["trials"] == sum(where == country for where in lived.values())
    assert _sum(list(found.values())) == everybody
    assert everybody["due"] and any(everybody["mrr"]) and everybody["cancelled"]
    await figure_rolls.roll_all()
    assert {country: await _answers(country) for country in COUNTRIES[:2]} == found, "rolled up it is the same"
    assert await kept_comparison.compare() == []


async def test_of_a_segment_it_is_what_those_did_who_fit_it(lived: dict[UUID, str]) -> None:
    await canary_rows.add_all("customer_tag", [{"id": ids.new(), "person": one, "tag": "x"} for one in PEOPLE[:2]])
    parts = [{"kind": "tag", "is": answer, "tag": "x"} for answer in ("yes", "no")]
    tagged, others = [await segment_editing.create(part["is"], {"match": "all", "parts": [part]}) for part in parts]
    found = [await _answers(segment=one) for one in (tagged, others)]
    assert _sum(found) == await _answers()
    assert found[0]["cancelled"] == sum(one in PEOPLE[:2] for one in lived)
    both = [await _answers(country, tagged) for country in COUNTRIES[:2]]
    assert _sum(both) == found[0], "a country and a segment: who is of both"


async def test_charts_of_members_are_of_the_same_people(lived: dict[UUID, str]) -> None:
    asked = {"from": "2026-11-01", "to": "2027-02-28"}
    with pytest.raises(programme.BadPeriod):
        await programme.choose({**asked, "country": "FR"})
    parts = [
        await programme.load_of_members(await programme.choose({**asked, "country": country}, is_of_some=True))
        for country in COUNTRIES[:2]
    ]
    whole = await programme.load(await programme.choose(asked))
    days = whole.chosen.days
    for part in days.parts():
        assert sum(one.mrr(part) for one in parts) == whole.mrr(part)
    assert any(whole.mrr(part) for part in days.parts())
    assert sum(one.members(days) for one in parts) == whole.members(days)
    assert clock.now() == NOON


@pytest.mark.parametrize("table", ["figure_renewal", "figure_movement", "insights_orders"])
async def test_whom_figures_are_of_is_looked_up_row_by_row(db: None, table: str) -> None:
    """And not the other way round, all rows of each person: nobody knows beforehand how many people there are."""
    condition = chosen_people.among("t.person", chosen_people.CHOSEN)
    told = await database.fetch_values(
        f"""EXPLAIN WITH chosen AS MATERIALIZED (SELECT ARRAY(SELECT id FROM insights_people) AS ids)
        SELECT count(*) FROM {table} t WHERE {condition}"""
    )
    plan = " ".join(told)
    assert "hashed SubPlan" in plan and "Nested Loop" not in plan and "Join" not in plan
