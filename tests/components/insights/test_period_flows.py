"""The flows of any period are what a walk over all movements gives, whatever of it is kept and whatever is queued."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows, shop_settings
from components.insights.metrics import figures
from components.insights.movements import movements
from components.insights.periods import period_figures, plan_flow_queries, programme, sold_flows
from components.insights.periods.chosen_period import BadPeriod
from components.insights.periods.plan_flows import Flows
from components.insights.rollups import figure_rolls
from components.memberships.plans.plan_catalogue import PlanView
from tests.components.insights.test_kept_figures import PEOPLE, History, some_movements
from tests.components.insights.test_kept_plans import paid, plans
from tests.conftest import NOON
from tests.figures.ledger_walk import merge_changes
from tests.support import buy_products, fill_basket, make_products
from tests.support.shops import Shop

__all__ = ["plans"]
ZONE = ZoneInfo("Europe/London")
SECOND = timedelta(seconds=1)


async def flows(edges: list[datetime]) -> Flows:
    (found,) = await database.batch(plan_flow_queries.query(edges))
    return found  # type: ignore[no-any-return]


async def wrong(edges: list[datetime]) -> list[str]:
    """What is shown otherwise than it is walked."""
    found, changes = await flows(edges), merge_changes(await movements.ledger())
    parts = [found.of(plan=plan) if plan else _none(found) for plan in found.plans()]
    trouble = []
    for edge in found.edges:
        before = [one for one in changes if one.at < edge]
        mrr, people = sum(one.amount for one in before), {one.person: one.balance > 0 for one in before}
        shown = found.mrr(edge), found.members(edge), sum(one.mrr(edge) for one in parts)
        if shown != (mrr, sum(people.values()), mrr):
            trouble.append(f"{edge}: {shown}, and not {mrr}, {sum(people.values())}")
    for from_at, until in pairwise(found.edges):
        here = dict[str, int]()
        for one in changes:
            if from_at <= one.at < until:
                here[one.kind] = here.get(one.kind, 0) + one.amount
        if found.moved(from_at, until) != {kind: amount for kind, amount in here.items() if amount}:
            trouble.append(f"{from_at}: {found.moved(from_at, until)}, and not {here}")
        for one in parts:
            if one.mrr(from_at) + sum(one.moved(from_at, until).values()) != one.mrr(until):
                trouble.append(f"{from_at}: a plan does not add up")
    return trouble


def _none(found: Flows) -> Flows:
    return Flows(found.edges, tuple(one for one in found.rows if one.plan is None), "plan")


@pytest.mark.parametrize("seed", range(4))
async def test_between_any_instants_flows_are_those_of_the_ledger(plans: list[PlanView], seed: int) -> None:
    dice, history = random.Random(seed), History()
    edges = [
        datetime(2026, 12, 1, tzinfo=ZONE), datetime(2027, 1, 1, tzinfo=ZONE), datetime(2027, 3, 1, tzinfo=ZONE),
        *(NOON - timedelta(minutes=dice.randrange(216_000)) for _ in range(4)), NOON + SECOND,
    ]  # fmt: skip
    for n in range(50):
        minutes = dice.randrange(216_000)
        await history.write((dice.randrange(5), minutes, 0, dice.choice([0, 200, 450, 900])))
        if dice.random() < 0.4:
            await paid(dice.choice(PEOPLE), dice.choice(plans), NOON - timedelta(minutes=dice.randrange(216_000)))
        if n == 25:
            await figure_rolls.roll_all()
    assert await wrong(edges) == [], "with a part of it queued"
    await figure_rolls.roll_all()
    assert await wrong(edges) == [], "with all of it kept"
    await setting_rows.change({"time_zone": "Asia/Tokyo"}, by=None)
    assert shop_settings.current().time_zone == "Asia/Tokyo"
    assert await wrong(edges) == [], "with nothing kept by this time zone"


async def test_a_change_of_plan_is_switched_for_the_plans_and_only_the_difference_for_all(
    plans: list[PlanView],
) -> None:
    history, joined, changed = History(), NOON - timedelta(days=60), NOON - timedelta(days=20)
    await paid(PEOPLE[0], plans[0], joined)
    await history.pays(0, 450, joined)
    await paid(PEOPLE[0], plans[1], changed)
    await history.pays(0, 900, changed)
    found = await flows([NOON - timedelta(days=30), NOON + SECOND])
    span = found.edges
    assert found.moved(*span) == {"expansion": 450}
    assert found.of(plan=plans[0].id).moved(*span) == {"switched out": -450}
    assert found.of(plan=plans[1].id).moved(*span) == {"switched in": 900}
    assert (found.of(plan=plans[0].id).members(span[1]), found.of(plan=plans[1].id).members(span[1])) == (0, 1)
    assert found.of(every="1 month").mrr(span[1]) == 900 and found.of(every="1 year").mrr(span[1]) == 0
    assert found.intervals() == ["1 month"]


async def yearly(plan: PlanView) -> PlanView:
    """The same plan, charged once a year."""
    sql = """INSERT INTO plan_version SELECT (jsonb_populate_record(v, jsonb_build_object('id', $2::uuid,
      'interval', 'year', 'from_at', v.from_at - interval '2 days', 'until_at', v.from_at - interval '1 day'))).*
      FROM plan_version v WHERE id = $1"""
    await database.execute(sql, plan.version_id, of_a_year := ids.new())
    return replace(plan, version_id=of_a_year)


async def test_a_change_inside_what_is_filtered_neither_comes_nor_goes(plans: list[PlanView]) -> None:
    history, changed = History(), NOON - timedelta(days=20)
    monthly, better = plans[:2]
    for who, before, after, (first, then) in (
        (0, better, monthly, (900, 450)),
        (1, monthly, await yearly(monthly), (450, 325)),
        (2, monthly, await yearly(better), (450, 700)),
    ):
        await history.pays(who, first, joined := NOON - timedelta(days=60, minutes=who))
        await paid(PEOPLE[who], before, joined)
        await history.pays(who, then, changed)
        await paid(PEOPLE[who], after, changed)
    for _ in range(2):
        found = await flows([NOON - timedelta(days=30), NOON + SECOND])
        span = found.edges
        of_months, of_monthly = found.of(every="1 month"), found.of(plan=monthly.id)
        assert of_months.moved(*span) == {"contraction": -450, "switched out": -900}
        assert found.of(every="1 year").moved(*span) == {"switched in": 1025}
        assert of_monthly.moved(*span) == {"contraction": -125, "switched in": 450, "switched out": -450}
        both = of_monthly.of(every="1 month")
        assert both.moved(*span) == {"switched in": 450, "switched out": -900}
        assert both == found.of(plan=monthly.id, every="1 month") == of_months.of(plan=monthly.id)
        for part in (of_months, of_monthly, both, found):
            assert part.mrr(span[0]) + sum(part.moved(*span).values()) == part.mrr(span[1])
        assert (of_months.members(span[1]), of_monthly.members(span[1])) == (1, 2)
        await figure_rolls.roll_all()


async def test_who_changed_in_the_month_they_left_was_in_what_did_not_change(plans: list[PlanView]) -> None:
    """On the 1st they paid for one plan a month; on the 10th that became another; on the 20th they left."""
    history, (monthly, better) = History(), plans[:2]
    first, tenth, twentieth = (datetime(2027, 2, day, 12, tzinfo=ZONE) for day in (1, 10, 20))
    for who, after in enumerate((await yearly(monthly), better, await yearly(better))):
        await history.pays(who, 450, joined := first - timedelta(days=40, minutes=who))
        await paid(PEOPLE[who], monthly, joined)
        await paid(PEOPLE[who], after, tenth)
        await history.pays(who, 0, twentieth)
    for _ in range(2):
        found = await flows([datetime(2027, 2, 1, tzinfo=ZONE), datetime(2027, 3, 1, tzinfo=ZONE)])
        left = {
            words: part.left(*found.edges)
            for words, part in {
                "all": found,
                "monthly": found.of(plan=monthly.id),
                "better": found.of(plan=better.id),
                "1 month": found.of(every="1 month"),
                "1 year": found.of(every="1 year"),
                "both": found.of(plan=monthly.id, every="1 month"),
            }.items()
        }
        assert left == {"all": 3, "monthly": 1, "better": 0, "1 month": 1, "1 year": 0, "both": 0}
        await figure_rolls.roll_all()


async def test_the_six_figures_at_a_glance_are_those_of_today(db: None) -> None:
    await some_movements()
    found = await programme.load(await programme.choose({"period": "this-month"}))
    (members,) = await database.batch(figures.members())
    values = {one.key: one.of(found, found.chosen.days) for one in period_figures.FIGURES}
    assert (values["mrr"], values["members"], values["arpu"]) == (members.mrr, members.paying, members.arpu)
    change = period_figures.change(period_figures.BY_KEY["mrr"], found)
    assert change is not None and change.before + change.by == members.mrr


async def test_more_churn_is_worse_and_more_members_are_better(db: None) -> None:
    history = History()
    for who in range(4):
        await history.pays(who, 450, NOON - timedelta(days=20 + who))
    await history.pays(0, 0, NOON - timedelta(days=3))
    found = await programme.load(await programme.choose({"from": "2027-02-20", "to": "2027-03-01"}))
    changes = {one.key: period_figures.change(one, found) for one in period_figures.FIGURES}
    members, lost = changes["members"], changes["churned-mrr"]
    assert members is not None and (members.by, members.is_good) == (-1, False)
    assert lost is not None and (lost.by, lost.is_good) == (450, False)


async def test_what_is_lost_is_a_positive_amount_of_which_less_is_better(db: None) -> None:
    history = History()
    for who in range(3):
        await history.pays(who, 900, NOON - timedelta(days=60 + who))
    await history.pays(0, 0, NOON - timedelta(days=5))
    await history.pays(1, 450, NOON - timedelta(days=4))
    await history.pays(2, 100, NOON - timedelta(days=13))
    found = await programme.load(await programme.choose({"from": "2027-02-20", "to": "2027-03-01"}))
    days, figures_of = found.chosen.days, period_figures.BY_KEY
    churned, contraction = figures_of["churned-mrr"], figures_of["contraction-mrr"]
    assert (churned.of(found, days), contraction.of(found, days)) == (900, 450)
    assert period_figures.change(churned, found) == period_figures.Change(0, 900, None, False)
    assert period_figures.change(contraction, found) == period_figures.Change(800, -350, -4375, True)
    assert churned.better == contraction.better == "less"


async def test_a_plan_that_is_not_there_is_refused_in_words(db: None) -> None:
    with pytest.raises(BadPeriod) as refused:
        await programme.choose({"plan": "platinum"})
    assert "no such plan" in refused.value.fields["plan"]


async def test_orders_of_members_are_told_apart_as_they_were_then(shop: Shop) -> None:
    await fill_basket.ways()
    await make_products.product("Moon mug", price=2400, sku="MOON", on_hand=20)
    await buy_products.buy(shop, shop.browser())
    at = (await buy_products.the_order()).paid_at
    assert at is not None
    person, total = await database.fetch_value("SELECT person FROM orders"), (await buy_products.the_order()).total
    edges = [datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 2, tzinfo=UTC)]
    day = (await sold(edges)).between(*edges)
    assert (day.orders, day.sales, day.members_orders, day.others_sales) == (1, total, 0, total)
    assert person is None or day.members_sales == 0
    await figure_rolls.roll_all()
    assert (await sold(edges)).between(*edges) == day


async def sold(edges: list[datetime]) -> sold_flows.SoldFlows:
    (found,) = await database.batch(sold_flows.query(edges, now=clock.now()))
    return found  # type: ignore[no-any-return]
