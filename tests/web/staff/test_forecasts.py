"""Forecasts of a shop with two years behind it: worked out by a job, read from rows, true to what they are made of."""

import csv
import io
from datetime import timedelta
from types import ModuleType
from uuid import UUID

import numpy as np
import pytest

from components.foundation import clock, database, formatting
from components.insights.forecasts import (
    fitting,
    forecasts,
    habit_model,
    mrr_forecast,
    order_models,
    renewal_models,
    risk_finder,
    spend_model,
)
from components.insights.forecasts.forecasts import ForecastRow
from components.insights.forecasts.likelihood import FAILED
from components.memberships.plans import plan_catalogue
from components.segments import segment_editing
from tests.conftest import NOON
from tests.support import forecast_shops, make_plans, people, worlds
from tests.support.pages import Browser
from tests.support.shops import Shop

PAGE = "/staff/metrics/forecasts"
ZONE = "Europe/London"
STAYED = "SELECT count(*)::int FROM subscription WHERE started_at <= $1 AND coalesce(ended_at > $2, true)"
RUNS = "SELECT id FROM subscription WHERE status = 'active'"
RUNNING = "SELECT count(*)::int FROM subscription WHERE status = 'active'"


async def _owned(shop: Shop) -> Browser:
    with clock.frozen(NOON - timedelta(days=800)):
        await make_plans.club(price=450, interval="month", slug="monthly")
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    return await worlds.open_with("owner of a monthly plan", shop, lambda: _owned(shop))


@pytest.fixture
async def lived(shop: Shop) -> Browser:
    """The owner of a shop with two years behind it, whose forecasts are worked out: once for all tests here."""

    async def build() -> Browser:
        browser = await _owned(shop)
        await forecast_shops.written(plan_catalogue.by_slug("monthly").version_id, clock.now())
        await fitting.fit_everything(ZONE)
        return browser

    return await worlds.open_with("two years, forecast", shop, build)


async def by_kind() -> dict[str, ForecastRow]:
    return {row.kind: row for row in await forecasts.latest()}


async def test_before_the_first_night_the_page_says_so(owner: Browser) -> None:
    page = await owner.get(PAGE)
    assert page.status == 200 and "No forecasts yet" in page.words and "Download CSV" not in page.words
    assert "Forecasts" in (await owner.get("/staff/metrics")).words


async def test_a_shop_with_few_people_is_told_what_is_missing(owner: Browser) -> None:
    version = plan_catalogue.by_slug("monthly").version_id
    await forecast_shops.written(version, clock.now(), people=60)
    await fitting.fit_everything(ZONE)
    page = await owner.get(PAGE)
    assert page.words.count("and a forecast needs at least 100.") >= 3
    assert "No plan has enough renewals for a forecast yet." in page.words
    assert "Nobody stands out" in page.words
    assert {row.model for row in await forecasts.latest()} == {""}


async def test_an_empty_shop_has_no_figures_and_no_error(owner: Browser) -> None:
    await fitting.fit_everything(ZONE)
    page = await owner.get(PAGE)
    assert page.status == 200 and "Too few people: 0 so far, and a forecast needs at least 100." in page.words


async def test_a_plan_is_forecast_from_its_own_renewals(lived: Browser) -> None:
    found = await by_kind()
    plan, mrr, running = found["renewals"], found["mrr"], await database.fetch_value(RUNNING)
    assert plan.outcome.now == running and plan.outcome.fee == 375
    assert mrr.outcome.now == 375 * running and mrr.outcome.without == 0
    kept = [one.mean for one in plan.outcome.months]
    assert kept == sorted(kept, reverse=True) and running > kept[0] > kept[-1] > 0
    for people_left, pays in zip(plan.outcome.months, mrr.outcome.months, strict=True):
        assert people_left.low <= people_left.mean <= people_left.high <= running
        assert abs(pays.mean - 375 * people_left.mean) <= 375
    for point in plan.outcome.curve:
        assert point.share.low <= point.share.mean <= point.share.high
        assert point.seen is None or abs(point.seen - point.share.mean) < 600, "the model goes through what was seen"


async def test_what_was_said_months_ago_stands_beside_what_happened(lived: Browser) -> None:
    then = {
        months: clock.now() - timedelta(days=days) for months, days in ((6, 181), (12, 365))
    }  # NOON is 1 March 2027
    for row in (await by_kind()).values():
        if row.kind in ("renewals", "orders", "habits"):
            assert [one.months for one in row.past] == [6, 12]
            assert all(abs((one.at - then[one.months]).days) <= 1 for one in row.past)
    (half, _) = (await by_kind())["renewals"].past
    stayed = await database.fetch_value(
        STAYED,
        half.at,
        clock.now(),
    )
    assert half.happened == stayed
    assert half.said and abs(half.said.mean - stayed) <= 0.15 * stayed
    page = await lived.get(PAGE)
    assert "6 months ago" in page.words and "Happened" in page.words


async def test_orders_are_counted_by_day_and_person(lived: Browser) -> None:
    orders = (await by_kind())["orders"]
    buyers = "SELECT count(DISTINCT person)::int FROM orders WHERE paid_at <= $1"
    assert orders.people == await database.fetch_value(buyers, clock.now())
    (half, _) = orders.past
    placed = await database.fetch_value(
        """SELECT count(*)::int FROM (SELECT DISTINCT person, (paid_at AT TIME ZONE 'Europe/London')::date FROM orders
          WHERE paid_at > $1 AND person IN (SELECT person FROM orders WHERE paid_at <= $1)) found""",
        half.at,
    )
    assert half.happened == placed > 0


async def test_where_a_model_was_wrong_the_page_says_so(lived: Browser) -> None:
    assert "what was seen so far it cannot tell who has" not in (await lived.get(PAGE)).words
    await database.execute(
        """UPDATE forecast SET parameters = '[0.9, 12.1, 0.0001, 8.0]', past = jsonb_set(past::jsonb, '{0,happened}',
          '99999') WHERE kind = 'orders'"""
    )
    words = (await lived.get(PAGE)).words
    assert "hardly anybody ever stops ordering" in words
    assert "outside the range that the model alone gave 6 months ago" in words
    assert "How far it was off then is in the range" in words


async def test_a_member_at_risk_is_named_with_the_reason_and_a_way_to_them(lived: Browser) -> None:
    risks = [one for one in await forecasts.at_risk() if one.kind in ("orders", "habits")]
    assert risks and all(one.chance < 5_000 for one in risks)
    page = await lived.get(PAGE)
    assert "Chance that they order again:" in page.words
    assert f"/staff/members/{risks[0].person}" in page.links()
    assert "Usually orders every" in page.words and "; last order" in page.words
    still = "SELECT count(*) FROM membership WHERE holder = ANY($1) AND ends_at IS NULL"
    assert await database.fetch_value(still, list({one.person for one in risks})) == len({one.person for one in risks})


async def test_whoever_has_cancelled_or_owes_comes_first_and_once(lived: Browser) -> None:
    cancelled, owing = [one.person for one in await forecasts.at_risk() if one.kind == "orders"][:2]
    ends, since = clock.now() + timedelta(days=9), clock.now() - timedelta(days=3)
    put = "UPDATE subscription SET {} WHERE payer = $1 AND status = 'active'"
    await database.execute(put.format("cancel_at = $2"), cancelled, ends)
    await database.execute(put.format("past_due_since = $2, status = 'past_due'"), owing, since)
    risks = await forecasts.at_risk()
    assert [(one.person, one.kind) for one in risks[:2]] == [(cancelled, "ending"), (owing, "owing")]
    assert not {cancelled, owing} & {one.person for one in risks[2:]}, "each with the reason that says most"
    await database.execute("UPDATE subscription SET cancel_at = $2 WHERE payer = $1", owing, since)
    longer = next(one.person for one in risks[2:] if one.kind == "orders")
    await database.execute(put.format("past_due_since = $2, status = 'unpaid'"), longer, since - timedelta(days=5))
    known = [(one.person, one.kind) for one in (await forecasts.at_risk())[:3]]
    assert known == [(cancelled, "ending"), (longer, "owing"), (owing, "owing")], "who goes first, first"
    over = "UPDATE membership SET ends_at = $2 WHERE holder = $1"
    await database.execute(over, longer, clock.now())
    assert longer not in {one.person for one in await forecasts.at_risk()}, "who is no member any more"
    await database.execute("UPDATE subscription SET status = 'active' WHERE payer = $1", longer)
    await database.execute("UPDATE subscription SET cancel_at = NULL WHERE payer = $1", owing)
    page = await lived.get(PAGE)
    words = page.words
    assert "First save a segment" in words and "/staff/segments/new" in page.links()
    assert f"Has cancelled: the membership ends on {formatting.day(ends)} Can keep it until then" in words
    assert "failed and has not been made since Can still pay" in words
    rules = {"match": "all", "parts": [{"kind": "at_risk", "is": "yes", "risk": "*"}]}
    leaving = await segment_editing.create("May be leaving", rules, by=None)
    assert f"/staff/campaigns/new?segment={leaving}" in (await lived.get(PAGE)).links()
    file = (await lived.get(f"/staff/segments/{leaving}/export.csv")).text
    assert "Customer since,Why" in file and "Has cancelled: the membership" in file and "Usually orders every" in file
    page = (await lived.get(f"/staff/segments/{leaving}")).words
    assert "Members who may be leaving." in page
    assert "Why E-mail Customer since" in page, page[:900]
    assert "Usually orders every" in page, "each with what is known of them"
    ending = {"match": "all", "parts": [{"kind": "at_risk", "is": "yes", "risk": "ending"}]}
    page = (await lived.get(f"/staff/segments/{await segment_editing.create('Ending', ending, by=None)}")).words
    assert f"Has cancelled: the membership ends on {formatting.day(ends)}" in page and "Usually orders" not in page
    await database.execute("DELETE FROM forecast")
    words = (await lived.get(PAGE)).words
    assert "No forecasts yet" in words and "Has cancelled" in words, "which takes no model"


async def test_whoever_is_erased_or_leaves_is_no_longer_listed(lived: Browser) -> None:
    first, second = list(dict.fromkeys(one.person for one in await forecasts.at_risk()))[:2]
    await database.execute("UPDATE person SET erased_at = $2 WHERE id = $1", first, clock.now())
    await database.execute("UPDATE membership SET ends_at = $2 WHERE holder = $1", second, clock.now())
    left = {one.person for one in await forecasts.at_risk()}
    assert left and not left & {first, second}


async def test_staff_have_it_worked_out_by_a_process_of_its_own(shop: Shop, owner: Browser) -> None:
    version: UUID = plan_catalogue.by_slug("monthly").version_id
    await forecast_shops.written(version, clock.now(), people=150)
    for _ in range(2):
        answer = await owner.post(PAGE, {})
    assert "The forecasts are being worked out." in answer.words
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'fit_forecasts' AND status = 'todo'"
    assert await database.fetch_value(waiting) == 1, "asked twice, done once"
    await shop.catch_up()
    found = await by_kind()
    assert found["renewals"].model and found["renewals"].outcome.now == await database.fetch_value(RUNNING)
    assert timedelta() <= found["renewals"].fitted_at - clock.now() < timedelta(hours=1), "by the shop's clock"


async def test_what_adopted_members_pay_is_named_and_in_no_forecast(owner: Browser) -> None:
    await forecast_shops.written(plan_catalogue.by_slug("monthly").version_id, clock.now(), people=150)
    await forecast_shops.adopted(12)
    await fitting.fit_everything(ZONE)
    found, running = await by_kind(), await database.fetch_value(RUNNING)
    assert (found["renewals"].outcome.now, found["renewals"].outcome.adopted) == (running - 12, 12)
    mrr = found["mrr"].outcome
    assert (mrr.now, mrr.without, mrr.without_adopted, mrr.without_plans) == (375 * running, 4_500, 4_500, 0)
    assert mrr.months[0].high <= 375 * (running - 12)
    page = await owner.get(PAGE)
    assert "£45.00 of today’s MRR is paid by members adopted from another system." in page.words
    assert "12 more who pay were adopted from another system and are not among them." in page.words
    assert "about which nothing can be said yet" not in page.words


async def test_a_plan_of_adopted_members_only_says_so(owner: Browser) -> None:
    await forecast_shops.written(plan_catalogue.by_slug("monthly").version_id, clock.now(), people=20)
    await database.execute(f"DELETE FROM paid_period WHERE subscription NOT IN ({RUNS})")
    await forecast_shops.adopted(20)
    await fitting.fit_everything(ZONE)
    plan = (await by_kind())["renewals"]
    assert plan.words == "All members were adopted from another system: nobody knows how often they renewed before."
    assert plan.outcome.adopted == await database.fetch_value(RUNNING)


@pytest.mark.parametrize(
    ("broken", "failed"),
    [
        (((renewal_models, "fit"), (spend_model, "fit"), (risk_finder, "by_habits")), "renewals values habits"),
        (((order_models, "fit"), (habit_model, "fit"), (mrr_forecast, "ranges")), "orders habits mrr"),
    ],
)
async def test_a_forecast_that_fails_says_so_and_the_others_stand(
    owner: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    broken: tuple[tuple[ModuleType, str], ...], failed: str,
) -> None:  # fmt: skip
    def fails(*_: object, **__: object) -> None:
        raise np.linalg.LinAlgError("Matrix is not positive definite")

    await forecast_shops.written(plan_catalogue.by_slug("monthly").version_id, clock.now(), people=150)
    for module, name in broken:
        monkeypatch.setattr(module, name, fails)
    await fitting.fit_everything(ZONE)
    found = await by_kind()
    assert {kind for kind, row in found.items() if row.words == FAILED} == set(failed.split())
    stand = {kind for kind, row in found.items() if row.model}
    assert stand | set(failed.split()) >= {"renewals", "orders", "values", "habits"} and not stand & set(failed.split())
    assert "LinAlgError: Matrix is not positive definite" in capsys.readouterr().out
    page = await owner.get(PAGE)
    assert "could not be worked out" in page.words and "Members at risk" in page.words


async def test_an_average_that_a_few_large_orders_carry_is_not_shown(owner: Browser) -> None:
    await forecast_shops.written(plan_catalogue.by_slug("monthly").version_id, clock.now(), people=150)
    await forecast_shops.spends_unevenly()
    await fitting.fit_everything(ZONE)
    values = (await by_kind())["values"]
    assert values.model and values.outcome.value is None
    words = "A few orders are so much larger than the rest that no average can be given."
    assert f"What an order is worth: {words}" in (await owner.get(PAGE)).words
    assert words in (await owner.get(f"{PAGE}/export")).text


async def test_the_file_has_the_figures_of_the_page(lived: Browser) -> None:
    answer = await lived.get(f"{PAGE}/export")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    mrr = (await by_kind())["mrr"].outcome.months
    assert [row["Expected"] for row in rows if row["Forecast"] == "MRR"] == [f"{one.mean / 100:.2f}" for one in mrr]
    assert {"Renewals", "MRR", "Orders", "Order value", "Months with a benefit used"} == {
        row["Forecast"] for row in rows
    }


async def test_forecasts_are_for_those_who_may_see_metrics(shop: Shop, owner: Browser) -> None:
    await people.staff("sam@kiln.test", ["orders"])
    sam = await shop.signed_in("sam@kiln.test")
    assert [(await sam.get(path)).status for path in (PAGE, f"{PAGE}/export")] == [403, 403]
    assert (await sam.post(PAGE, {})).status == 403
