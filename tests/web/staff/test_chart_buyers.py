"""Charts of sales to one country or to one segment: added up again here, order by order, from the raw rows."""

import csv
import io
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from components.foundation import database, ids
from components.insights.periods import programme
from components.insights.periods.chosen_period import BadPeriod
from components.insights.periods.sold_flows import Sold
from components.insights.rollups import figure_rolls, kept_comparison
from components.people import api_keys
from components.segments import segment_editing
from tests.conftest import NOON
from tests.support import people, segment_people, suggestion_shop
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.staff.reports.programme.chart_pages import CHARTS, OF_SOME

CHART = "/staff/metrics/charts/"
ZONE = ZoneInfo("Europe/London")
FIRST, LAST = datetime(2027, 1, 10, tzinfo=ZONE), datetime(2027, 2, 21, tzinfo=ZONE)
SPAN = "from=2027-01-10&to=2027-02-20&compare=previous"
Row = dict[str, Any]


def drawn() -> suggestion_shop.SuggestionShop:
    """Orders to three countries of members, customers and guests, some at midnight and some refunded."""
    dice, made = random.Random(7), suggestion_shop.begun(NOON)
    buyers = [made.member() for _ in range(4)] + [made.person() for _ in range(4)] + [None]
    edges = [FIRST, LAST, FIRST - timedelta(microseconds=1), LAST - timedelta(microseconds=1)]
    for number in range(160):
        order = made.order(dice.choice(buyers), days=0, unit=100 + number)
        at = edges[number] if number < len(edges) else FIRST + timedelta(minutes=dice.randrange(-40_000, 61_000))
        order |= {"paid_at": at, "address": {"country": dice.choice(("GB", "DE", "FR"))}}
        if dice.random() < 0.3:
            made.add(
                "refund", order=order["id"], amount=dice.randrange(1, order["total"]), currency="GBP",
                status=dice.choice(("succeeded", "pending", "failed")), at=at + timedelta(days=dice.randrange(20)),
            )  # fmt: skip
    return made


@pytest.fixture
async def world(shop: Shop) -> suggestion_shop.SuggestionShop:
    made = drawn()
    await segment_people.insert(made.rows)
    return made


@pytest.fixture
async def owner(shop: Shop, world: suggestion_shop.SuggestionShop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def segment() -> UUID:
    rules = {"match": "all", "parts": [{"kind": "orders", "is": "at_least", "number": "15"}]}
    return await segment_editing.create("Often here", rules)


def by_hand(made: suggestion_shop.SuggestionShop, country: str, of: set[UUID] | None) -> Sold:
    members = {one["holder"] for one in made.rows["membership"]}
    wanted = {
        one["id"]: one for one in made.rows["orders"]
        if (not country or one["address"]["country"] == country) and (of is None or one["person"] in of)
    }  # fmt: skip
    sold = [one for one in wanted.values() if FIRST <= one["paid_at"] < LAST]
    back = [one for one in made.rows["refund"] if one["order"] in wanted and FIRST <= one["at"] < LAST]
    mine = [one["total"] for one in sold if one["person"] in members]
    return Sold(
        orders=len(sold), sales=sum(one["total"] for one in sold),
        refunds=sum(one["amount"] for one in back if one["status"] != "failed"),
        members_orders=len(mine), members_sales=sum(mine),
    )  # fmt: skip


def often(made: suggestion_shop.SuggestionShop) -> set[UUID]:
    buyers = [one["person"] for one in made.rows["orders"] if one["person"] and one["paid_at"] <= NOON]
    return {one for one in buyers if buyers.count(one) >= 15}


@pytest.mark.parametrize("country", ["", "GB", "DE"])
@pytest.mark.parametrize("is_of_segment", [False, True])
async def test_sales_to_some_are_the_sum_of_their_orders(
    world: suggestion_shop.SuggestionShop, country: str, is_of_segment: bool
) -> None:
    asked = {"from": "2027-01-10", "to": "2027-02-20", "country": country}
    if is_of_segment:
        asked["segment"] = str(await segment())
        assert 0 < len(often(world)) < 8
    found = await programme.load(await programme.choose(asked, is_of_some=True))
    wanted = by_hand(world, country, often(world) if is_of_segment else None)
    assert found.sold_in(found.chosen.days) == wanted and wanted.orders and wanted.members_orders
    parts = [found.sold_in(part) for part in found.chosen.days.parts()]
    assert sum(one.sales for one in parts) == wanted.sales and sum(one.orders for one in parts) == wanted.orders
    assert sum(one.refunds for one in parts) == wanted.refunds


async def test_the_page_says_whose_orders_it_is_of_and_its_file_adds_up_to_them(
    owner: Browser, world: suggestion_shop.SuggestionShop
) -> None:
    chosen = f"{SPAN}&country=DE&segment={await segment()}"
    wanted = by_hand(world, "DE", often(world))
    page = await owner.get(f"{CHART}sales?{chosen}")
    assert page.status == 200 and "Only orders to Germany of customers who fit “Often here” today" in page.words
    assert f"£{wanted.sales / 100:,.2f}" in page.words
    lines = list(csv.reader(io.StringIO((await owner.get(f"{CHART}sales/export?{chosen}")).text.lstrip("\ufeff"))))
    assert sum(round(100 * float(one[-1])) for one in lines[1:]) == wanted.sales
    orders = list(csv.reader(io.StringIO((await owner.get(f"{CHART}orders/export?{chosen}")).text.lstrip("\ufeff"))))
    assert sum(int(one[-1]) for one in orders[1:]) == wanted.orders
    assert "All customers" in page.words and "Only" not in (await owner.get(f"{CHART}sales?{SPAN}")).words


async def test_what_is_not_kept_by_country_says_so_and_shows_no_figure_of_all(owner: Browser) -> None:
    for key in CHARTS.keys() - OF_SOME:
        page = await owner.get(f"{CHART}{key}?country=DE")
        assert page.status == 422 and "is not known by country or segment" in page.words and "£" not in page.words
        assert (await owner.get(f"{CHART}{key}/export?segment={UUID(int=7)}")).status == 422
    assert (await owner.get("/staff/metrics?country=DE")).status == 422
    page = await owner.get(f"{CHART}sales?country=DE&{SPAN}")
    others = [href for href in page.links() if href.startswith(CHART) and "/export" not in href]
    kept = {key for key in CHARTS if any(f"/{key}?" in href and "country=DE" in href for href in others)}
    assert kept == OF_SOME and {key for key in CHARTS if any(f"/{key}?" in href for href in others)} == set(CHARTS)


async def test_charts_of_members_say_of_whom_they_are(owner: Browser) -> None:
    wanted = await segment()
    for key in ("mrr", "movements", "members", "churn"):
        page = await owner.get(f"{CHART}{key}?country=DE&segment={wanted}&{SPAN}")
        assert page.status == 200
        assert "Only members who paid their last fee from Germany of those who fit “Often here” today" in page.words
        assert "Members behind" not in page.words, "those are of everybody"
        assert "growth and churn look better than they were" in page.words
        assert (await owner.get(f"{CHART}{key}?segment={UUID(int=7)}&{SPAN}")).status == 422


HEALTH = "/staff/metrics/programme"


async def test_the_health_of_the_programme_says_of_whom_it_is_and_what_it_cannot_tell(owner: Browser) -> None:
    wanted = await segment()
    page = await owner.get(f"{HEALTH}?months=12&country=DE&segment={wanted}")
    assert page.status == 200
    whom = "Only members who paid their last fee from Germany and of these customers who fit “Often here” today."
    assert whom in page.words and "Not shown, because nobody can tell it of a part of the members: CLTV" in page.words
    assert "nor trial conversion and member lift" in page.words and "Trial conversion" not in page.words
    assert "Cancel attempts count after a first fee only." in page.words and "another system" not in page.words
    assert "look better than they were" in page.words
    verdict = "No fees were paid in this period."
    assert verdict not in page.words, "whoever fits today has not left: it would nearly always grow"
    assert verdict in (await owner.get(f"{HEALTH}?country=GB")).words
    assert "Orders of members and of everybody else" not in page.text and "Benefit profit and loss" not in page.words
    assert not [href for href in page.links() if "/figures/" in href], "whose rows are of everybody"
    assert f"{HEALTH}?months=3&country=DE&segment={wanted}" in page.links()
    by_segment = await owner.get(f"{HEALTH}?segment={wanted}")
    assert "Orders of members and of everybody else" in by_segment.text
    assert "nor trial conversion" not in by_segment.words
    assert "Trial conversion" in by_segment.words and "look better than they were" in by_segment.words
    assert verdict not in by_segment.words
    everybody = await owner.get(HEALTH)
    assert "Only" not in everybody.words and "look better" not in everybody.words and "CLTV" in everybody.words


async def test_who_was_taken_over_and_is_in_no_country_is_said(
    owner: Browser, world: suggestion_shop.SuggestionShop
) -> None:
    sub = world.subscription(world.member(), days=60)
    world.add(
        "paid_period", subscription=sub, invoice="in_over", starts_at=world.at(60), ends_at=world.at(-300), amount=0,
        currency="GBP", paid_at=world.at(60), plan_version=world.rows["subscription"][-1]["plan_version"],
        is_opening=True,
    )  # fmt: skip
    made = {name: [row for row in rows if name != "orders"][-1:] for name, rows in world.rows.items()}
    await segment_people.insert({name: made[name] for name in ("person", "membership", "subscription", "paid_period")})
    words = "1 person with a membership from another system has paid no fee here yet and is in no country"
    for path in (HEALTH, f"{CHART}mrr", f"{CHART}members"):
        assert words in (await owner.get(f"{path}?country=DE")).words, path
        assert words not in (await owner.get(path)).words, path
    assert words not in (await owner.get(f"{CHART}sales?country=DE")).words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("country=Germany", "Choose a country"),
        ("country=XX", "Choose a country"),
        ("segment=regulars", "There is no such segment"),
        ("segment=01890000-0000-7000-8000-000000000000", "There is no such segment"),
    ],
)
async def test_of_whom_the_health_cannot_be_is_said(owner: Browser, asked: str, words: str) -> None:
    page = await owner.get(f"{HEALTH}?{asked}")
    assert page.status == 422 and words in page.words and "Shown: everybody." in page.words


async def test_an_order_that_goes_elsewhere_counts_there_with_its_refunds(
    world: suggestion_shop.SuggestionShop,
) -> None:
    await figure_rolls.roll_all()
    moved = next(one for one in world.rows["refund"] if one["status"] == "succeeded")["order"]
    await database.execute("""UPDATE orders SET address = '{"country": "IT"}' WHERE id = $1""", moved)
    for order in world.rows["orders"]:
        if order["id"] == moved:
            order["address"] = {"country": "IT"}
    for _ in range(2):
        for country in ("IT", "GB", "DE"):
            asked = {"from": "2027-01-10", "to": "2027-02-20", "country": country}
            found = await programme.load(await programme.choose(asked, is_of_some=True))
            assert found.sold_in(found.chosen.days) == by_hand(world, country, None), country
        await figure_rolls.roll_all()
    assert await kept_comparison.compare() == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("country=Germany", "Choose a country"),
        ("country=XX", "Choose a country"),
        ("segment=regulars", "There is no such segment"),
        ("segment=01890000-0000-7000-8000-000000000000", "There is no such segment"),
        ("segment=SEGMENT&from=2020-01-01&to=2026-12-31", "at most three years"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(owner: Browser, asked: str, words: str) -> None:
    page = await owner.get(f"{CHART}sales?{asked.replace('SEGMENT', str(await segment()))}")
    assert page.status == 422 and words in page.words


async def test_a_country_alone_may_be_of_any_time(owner: Browser) -> None:
    page = await owner.get(f"{CHART}sales?country=DE&from=2020-01-01&to=2027-02-20")
    assert page.status == 200 and "Only orders to Germany" in page.words


async def test_a_segment_that_was_archived_is_still_shown_where_an_address_names_it(owner: Browser) -> None:
    wanted = await segment()
    await segment_editing.archive(wanted)
    page = await owner.get(f"{CHART}orders?segment={wanted}")
    assert page.status == 200 and "“Often here”" in page.words


async def test_programs_ask_for_the_same(owner: Browser, shop: Shop, world: suggestion_shop.SuggestionShop) -> None:
    by = await database.fetch_value("SELECT id FROM person WHERE email = 'iris@kiln.test'")
    secret = await api_keys.create(ids.new(), name="Report", scopes=("figures:read",), by=by)
    here = shop.browser()
    asked = "from=2027-01-10&to=2027-02-20&country=FR"
    head = {"Authorization": f"Bearer {secret}"}
    found = (await here.client.get(f"/api/v1/figures/sales?{asked}", headers=head)).json()
    wanted = by_hand(world, "FR", None)
    assert (found["value"], found["by_buyers"]) == (wanted.sales, True)
    assert sum(one["value"] for one in found["parts"]) == wanted.sales
    for refused in ("mrr?country=FR", f"mrr?segment={UUID(int=7)}", "sales?country=XX"):
        answer = await here.client.get(f"/api/v1/figures/{refused}", headers=head)
        assert answer.status_code == 422, refused
        assert ("have `by_buyers`: choose one of" in answer.text) is refused.startswith("mrr"), answer.text
    with pytest.raises(BadPeriod):
        await programme.choose({"country": "FR"})
