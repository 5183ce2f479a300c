"""Suggestions: each counted again here from the raw rows, in Python, without the statements that found it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.insights.suggestions import suggestion_decisions, suggestion_job, suggestion_rows, suggestions
from components.insights.suggestions.suggestion_kinds import KINDS, suggestion_kind
from components.insights.suggestions.suggestions import SuggestionView
from components.memberships.plans import plan_cache
from tests.support import segment_people
from tests.support import suggestion_shop as made
from tests.support.suggestion_shop import BASIC, CLUB, DAY, MANY, NOW, SuggestionShop

Row = dict[str, Any]


@pytest.fixture
def noon(db: None) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


async def looked(shop: SuggestionShop) -> dict[tuple[str, str], SuggestionView]:
    """What is open after a look, by kind and subject; the rows of each come to what it says."""
    await segment_people.insert(shop.rows)
    await plan_cache.refresh()
    await suggestion_job.look_for_all()
    found = {(one.kind, one.subject): one for one in await suggestions.shown_as("open")}
    for one in found.values():
        rows = await suggestion_rows.page(one, number=1, per_page=100_000)
        assert (sum(row.times for row in rows), sum(row.amount for row in rows)) == (one.evidence, one.amount), one.kind
        total = await suggestion_rows.total(one)
        assert (total.rows, total.evidence, total.amount) == (len(rows), one.evidence, one.amount)
    return found


def a_month(amount: int, days: int) -> int:
    """By hand: a twelfth of a year of so many days, half a penny up."""
    return (2 * amount * 365 + 12 * days) // (2 * 12 * days)


async def test_nothing_is_found_in_an_empty_shop(noon: None) -> None:
    assert await looked(made.begun()) == {}
    assert {one.kind for one in (await suggestions.looks()).values()} == {one.key for one in KINDS}


async def test_a_collection_that_members_buy_at_full_price(noon: None) -> None:
    shop, wanted = made.begun(), []
    for number in range(MANY):
        wanted.append(shop.order(shop.member(), days=1 + number % 88, unit=1000 + number, quantity=2)["total"])
    for _ in range(MANY):
        shop.order(shop.person(), days=5, product=made.BOWL)  # nobody's member
    gone = shop.member(until=shop.at(50))
    shop.order(gone, days=20, unit=7_000_000)  # not a member any more
    shop.order(shop.member(), days=91, unit=7_000_000)  # too long ago
    shop.order(shop.member(), days=3, unit=7_000_000, saved=1)  # not at full price
    shop.order(shop.member(), days=3, unit=7_000_000)["paid_at"] = None  # never paid
    found = await looked(shop)
    one = found["full_price", str(made.MUGS)]
    assert (one.evidence, one.amount, one.month) == (MANY, sum(wanted), a_month(sum(wanted), 90))
    assert one.sentence.startswith(f"Mugs sells to members at full price anyway: {MANY} orders, £")
    assert ("full_price", str(made.BOWLS)) not in found


async def test_in_a_young_shop_a_month_is_made_of_the_days_there_were(noon: None) -> None:
    shop = made.begun()
    sold = [shop.order(shop.member(days=20), days=1 + number % 19, unit=1000)["total"] for number in range(MANY)]
    one = (await looked(shop))["full_price", str(made.MUGS)]
    assert (one.days, one.month) == (20, a_month(sum(sold), 20))


async def test_a_discount_on_what_they_bought_before_they_joined(noon: None) -> None:
    shop, wanted = made.begun(), []
    for number in range(MANY):
        member = shop.member(days=100)
        shop.order(member, days=150)
        wanted.append(shop.order(member, days=2, saved=100 + number)["id"])
    other = shop.member(days=100)
    shop.order(other, days=150, product=made.BOWL)
    shop.order(other, days=2, saved=1999)  # had bought bowls, not mugs
    late = shop.member(days=100)
    shop.order(late, days=90)
    shop.order(late, days=2, saved=1999)  # bought at full price, but as a member
    found = await looked(shop)
    one = found["bought_before", str(made.MUGS)]
    saved = sum(line["saved"] for line in shop.rows["order_line"] if line["order"] in set(wanted))
    assert (one.evidence, one.amount, one.month) == (MANY, saved, a_month(saved, 90))


@pytest.mark.parametrize(("many", "is_said"), [(99, False), (100, True)])
async def test_fewer_than_a_hundred_say_nothing(noon: None, many: int, is_said: bool) -> None:
    shop = made.begun()
    for _ in range(many):
        shop.order(shop.member(), days=3)
    assert (("full_price", str(made.MUGS)) in await looked(shop)) is is_said
    look = (await suggestions.looks())["full_price"]
    assert (look.subjects, look.most, look.found) == (1, many, int(is_said))


async def test_benefits_that_nobody_uses(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        shop.member()
    shop.member(days=89)  # has not had it for all of the time
    user = shop.member()
    shop.order(user, days=5, saved=10, given=395)
    shop.add("perk_use", person=user, benefit=made.PERK, at=shop.at(5), undone_at=None)
    found = await looked(shop)
    unused = {subject for kind, subject in found if kind == "unused_benefit"}
    assert unused == {str(made.CASHBACK)}, unused
    one = found["unused_benefit", str(made.CASHBACK)]
    assert (one.evidence, one.people, one.amount, one.month) == (MANY + 1, MANY + 1, 0, 0)
    early = found["unused_early", str(made.EARLY)]
    assert early.evidence == MANY + 1 and "Nobody bought early" in early.sentence


async def test_early_access_that_somebody_used_is_not_suggested(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        shop.member()
    shop.order(shop.member(), days=42, product=made.EARLY_POT)
    assert not [kind for kind, _ in await looked(shop) if kind == "unused_early"]


@pytest.mark.parametrize(
    ("covers", "hours", "bought", "is_said"),
    [
        ({"kind": "collection", "ids": [str(made.BOWLS)]}, 72, None, False),  # nothing of it came out: nothing to judge
        ({"kind": "product", "ids": [str(made.EARLY_POT)]}, 72, None, True),
        ({"kind": "product", "ids": [str(made.EARLY_POT)]}, 72, 42, False),
        ({"kind": "product", "ids": [str(made.BOWL)]}, 72, None, False),
        ({"kind": "everything", "ids": []}, 24, 42, True),  # bought two days early, by another way than this benefit
    ],
)
async def test_early_access_is_judged_by_what_it_covers_and_opens(
    noon: None, covers: dict[str, Any], hours: int, bought: float | None, is_said: bool
) -> None:
    shop = made.begun()
    for row in shop.rows["benefit_version"]:
        if row["benefit"] == made.EARLY:
            row["settings"] = json.dumps({"hours": hours, "covered": covers, "most": None})
    for _ in range(MANY):
        shop.member()
    if bought:
        shop.order(shop.member(), days=bought, product=made.EARLY_POT)
    assert (("unused_early", str(made.EARLY)) in await looked(shop)) is is_said


async def test_early_sales_of_what_it_does_not_cover_are_no_use_of_it(noon: None) -> None:
    shop = made.begun()
    for row in shop.rows["product"]:
        row["public_from"] = shop.at(40)
    for row in shop.rows["benefit_version"]:
        if row["benefit"] == made.EARLY:
            row["settings"] = json.dumps(
                {"hours": 72, "covered": {"kind": "collection", "ids": [str(made.MUGS)]}, "most": None}
            )
    for _ in range(MANY):
        shop.order(shop.member(), days=42, product=made.EARLY_POT)
    assert ("unused_early", str(made.EARLY)) in await looked(shop)


async def test_what_others_bought_early_is_no_use_of_the_benefit(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        shop.member()
    shop.order(shop.member(plan=BASIC), days=42, product=made.EARLY_POT)  # which has no early access
    assert ("unused_early", str(made.EARLY)) in await looked(shop)


async def test_baskets_around_the_amount_from_which_delivery_is_free(noon: None) -> None:
    shop, paid, given = made.begun(), [], []
    for number in range(MANY):
        paid.append(shop.order(shop.member(), days=4, unit=4000 + number % 1000, delivery=395 + number)["delivery"])
        given.append(shop.order(shop.member(), days=4, unit=5000 + number, given=400 + number)["delivery_saved"])
    shop.order(shop.member(), days=4, unit=3999, delivery=10_000)
    shop.order(shop.member(), days=4, unit=6000, given=10_000)
    shop.order(shop.member(plan=BASIC), days=4, unit=4500, delivery=10_000)  # does not have the benefit
    found = await looked(shop)
    below, above = found["just_below", str(made.DELIVERY)], found["just_above", str(made.DELIVERY)]
    assert (below.evidence, below.amount, below.month) == (MANY, sum(paid), a_month(sum(paid), 90))
    assert (above.evidence, above.amount, above.month) == (MANY, sum(given), a_month(sum(given), 90))
    assert below.draft.path == f"/staff/benefits/{made.DELIVERY}?threshold=40.00"
    assert above.draft.path == f"/staff/benefits/{made.DELIVERY}?threshold=60.00"


def _lot(shop: SuggestionShop, person: UUID, *, days: float, given: int, back: int = 0) -> None:
    lot = shop.add("ledger_lot", person=person, kind="cashback", benefit=made.CASHBACK, amount=given, remaining=0,
                   given_at=shop.at(days))["id"]  # fmt: skip
    accounts = shop.rows.get("ledger_account") or [shop.add("ledger_account", kind="cashback_given", currency="GBP")]
    for amount in (-given, back):
        if amount:
            posting = shop.add("ledger_posting", kind="given", at=shop.at(days), cause=str(ids.new()))["id"]
            shop.add("ledger_entry", posting=posting, account=accounts[0]["id"], lot=lot, amount=amount)


async def test_a_plan_whose_cashback_costs_more_than_its_fee(noon: None) -> None:
    shop, fees, cost = made.begun(), 0, 0
    for number in range(MANY):
        member = shop.member()
        sub = shop.subscription(member, days=200)
        shop.fee(sub, days=40, net=750 + number)
        _lot(shop, member, days=5, given=2000 + number, back=100)
        fees, cost = fees + 750 + number, cost + 1900 + number
    _lot(shop, shop.member(plan=BASIC), days=5, given=9_000_000)  # one alone of another plan says nothing
    one = (await looked(shop))["costly_cashback", str(CLUB)]
    assert (one.evidence, one.amount, one.month) == (2 * MANY, cost - fees, a_month(cost - fees, 90))
    assert one.draft.path == f"/staff/benefits/{made.CASHBACK}"


async def test_a_plan_that_loses_money_on_heavy_users(noon: None) -> None:
    shop, lost = made.begun(), []
    for number in range(MANY):
        member = shop.member()
        shop.fee(shop.subscription(member, days=300), days=40, net=900)
        if number < 20:
            shop.order(member, days=9, unit=5000, saved=500, given=1500 + number)  # its cost is not known
            lost.append(2000 + number - 900)
        elif number < 40:
            shop.order(member, days=9, unit=5000, saved=500, cost=1000)  # earns, with the discount in its margin
        elif number < 45:
            shop.order(member, days=9, unit=5000, saved=500, cost=6000)
            lost.append(6000 - 4500 - 900)
    one = (await looked(shop))["heavy_users", str(CLUB)]
    assert (one.evidence, one.marked, one.amount) == (MANY, 25, sum(lost))
    assert one.month == a_month(sum(lost), 365)


async def test_customers_who_would_save_by_joining(noon: None) -> None:
    shop = made.begun()
    member = shop.member(plan=BASIC)
    shop.order(member, days=30, unit=10_000, saved=2_000)  # a fifth of what members buy
    would = [shop.person() for _ in range(MANY)]
    for person in would:
        shop.order(person, days=40, unit=24_100)  # 4,820 saved, 4,800 a year to pay
    shop.order(shop.person(), days=40, unit=24_000)  # as much as the fee: does not save
    seen = shop.person()
    shop.order(seen, days=40, unit=50_000)
    shop.add(
        "page_view", person=seen, kind="join", subject="", at=shop.at(39), day=shop.at(39).date(), visitor=ids.new()
    )
    shop.order(shop.member(), days=40, unit=50_000)
    shop.order(shop.person(off_at=shop.at(50)), days=40, unit=50_000)  # nothing is chosen from their orders
    one = (await looked(shop))["likely_joiners", str(BASIC)]
    assert (one.evidence, one.amount, one.month) == (MANY, MANY * 4_800, MANY * 400)
    assert {row.other for row in await suggestion_rows.page(one, number=1, per_page=500)} == {4_820}
    assert {row.person for row in await suggestion_rows.page(one, number=1, per_page=500)} == set(would)


async def test_members_who_would_pay_less_on_another_plan(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        member = shop.member()
        shop.fee(shop.subscription(member, days=200), days=20, net=900)
        shop.order(member, days=9, saved=10)  # only what the cheaper plan has too
    needs = shop.member()
    shop.fee(shop.subscription(needs, days=200), days=20, net=900)
    shop.order(needs, days=9, saved=10, given=400)
    new = shop.member()
    shop.fee(shop.subscription(new, days=100), days=20, net=900)
    shop.order(new, days=9, saved=10)
    idle = shop.member()
    shop.fee(shop.subscription(idle, days=200), days=20, net=900)
    one = (await looked(shop))["better_plan", f"{CLUB}:{BASIC}"]
    assert (one.evidence, one.amount, one.month) == (MANY, MANY * 500, MANY * 500)
    assert one.draft.path == f"/staff/save-offers?kind=downgrade&plan={BASIC}"


async def test_searches_without_a_result(noon: None) -> None:
    shop = made.begun()
    shop.order(None, days=3, unit=40_000)
    shop.order(None, days=3, unit=1_000)
    shop.order(None, days=30, unit=900_000)  # before looks were counted
    days = [(number, 7 + number) for number in range(10)]
    for number, empty in days:
        on = shop.at(number).date()
        shop.add("view_count", day=on, kind="search", subject="teapot", is_member=False, times=20, empty_times=empty)
        shop.add("view_count", day=on, kind="search", subject="(not kept)", is_member=False, times=99, empty_times=99)
        shop.add("view_count", day=on, kind="product", subject="mug", is_member=False, times=70, empty_times=0)
    one = (await looked(shop))["vain_search", "teapot"]
    assert one.evidence == sum(empty for _, empty in days)
    assert one.amount == sum((2 * empty * 41_000 + 700) // (2 * 700) for _, empty in days)
    written = dict(parse_qsl(urlsplit(one.draft.path).query))
    assert one.draft.path.partition("?")[0] == "/staff/collections/new"
    assert written == {"title": "Teapot", "description": "Everything we have for “teapot”, in one place."}
    assert one.sentence.endswith("nothing found: about £200.00 a month"), one.sentence
    assert one.days == 10  # of ninety, visits were counted in ten


async def test_a_renewal_at_which_many_leave(noon: None) -> None:
    shop, lost = made.begun(), 0
    for number in range(MANY):
        sub, person = ids.new(), shop.person()
        for turn in range(3):
            left = turn == 2 and number % 2 == 0
            shop.add(
                "figure_renewal", subscription=sub, person=person, plan=CLUB, interval="month", interval_count=1,
                fee=700 + number, at=shop.at(150 - 30 * turn), is_renewed=not left,
            )  # fmt: skip
            lost += (700 + number) * left
    await made.renewals_are_kept()
    found = await looked(shop)
    assert [subject for kind, subject in found if kind == "lost_renewal"] == [f"{CLUB}:month:1:3"]
    one = found["lost_renewal", f"{CLUB}:month:1:3"]
    assert (one.evidence, one.marked, one.amount) == (MANY, MANY // 2, lost)
    assert one.month == a_month(lost, 335) and "at renewal 3" in one.sentence  # the last thirty are still waited for


@pytest.mark.parametrize("has_a_year", [False, True])
async def test_no_plan_by_the_year_though_members_stay(noon: None, has_a_year: bool) -> None:
    shop = made.begun()
    for number in range(MANY + 20):
        shop.fee(shop.subscription(shop.member(), days=300 if number < 20 else 400), days=20, net=900)
    if has_a_year:
        shop.add("plan_version", plan=CLUB, price=9000, currency="GBP", interval="year", interval_count=1,
                 is_once=False, from_at=shop.at(10), until_at=None)  # fmt: skip
        shop.rows["plan_version"][0]["until_at"] = shop.at(10)
    found = await looked(shop)
    assert (("annual_interval", str(CLUB)) in found) is not has_a_year
    if not has_a_year:
        one = found["annual_interval", str(CLUB)]
        assert (one.evidence, one.month) == (MANY, MANY * 900)


async def test_a_coupon_that_nobody_uses(noon: None) -> None:
    shop = made.begun()
    for number in range(MANY):
        shop.order(None, days=number % 60)
    shop.order(None, days=61)
    found = await looked(shop)
    assert [subject for kind, subject in found if kind == "unused_coupon"] == [str(made.COUPON)]
    one = found["unused_coupon", str(made.COUPON)]
    orders = [row for row in shop.rows["orders"] if NOW - 60 * DAY < row["paid_at"] <= NOW]
    assert (one.evidence, one.amount) == (len(orders), 0)


async def _at(at: datetime) -> None:
    with clock.frozen(at):
        await suggestion_job.look_for_all()


async def test_what_is_not_found_any_more_is_kept_and_what_was_decided_stays(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        shop.order(shop.member(), days=3)
    one = (await looked(shop))["full_price", str(made.MUGS)]
    by = shop.rows["person"][0]["id"]
    await suggestion_decisions.dismiss(one.id, reason="We like it so", by=by)
    await _at(NOW + 5 * DAY)
    again = await suggestions.by_id(one.id)
    assert (again.shown, again.first_found_at, again.found_at) == ("dismissed", NOW, NOW + 5 * DAY)
    await suggestion_decisions.reopen(one.id, by=by)
    await _at(NOW + 95 * DAY)
    with clock.frozen(NOW + 96 * DAY):
        gone = await suggestions.by_id(one.id)
        assert (gone.shown, gone.gone_at, gone.amount) == ("gone", NOW + 95 * DAY, one.amount)


async def test_a_snooze_ends_by_itself_and_nothing_is_decided_twice(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        shop.order(shop.member(), days=3)
    one, by = (await looked(shop))["full_price", str(made.MUGS)], shop.rows["person"][0]["id"]
    with pytest.raises(suggestion_decisions.IsOpen):
        await suggestion_decisions.reopen(one.id, by=by)
    with pytest.raises(suggestion_decisions.ReasonNeeded):
        await suggestion_decisions.dismiss(one.id, reason="  ", by=by)
    await suggestion_decisions.snooze(one.id, until=NOW + 30 * DAY, by=by)
    for again in (
        suggestion_decisions.dismiss(one.id, reason="No", by=by),
        suggestion_decisions.complete(one.id, by=by),
        suggestion_decisions.snooze(one.id, until=NOW + DAY, by=by),
    ):
        with pytest.raises(suggestion_decisions.NotOpen):
            await again
    with clock.frozen(NOW + 30 * DAY - timedelta(seconds=1)):
        assert (await suggestions.by_id(one.id)).shown == "snoozed"
    with clock.frozen(NOW + 30 * DAY):
        assert (await suggestions.by_id(one.id)).shown == "open"
        await suggestion_decisions.complete(one.id, by=by)
    assert [made.state for made in await suggestions.decisions(one.id)] == ["done", "snoozed"]
    with pytest.raises(Exception, match="only ever added"):
        await database.execute("DELETE FROM suggestion_decision")


async def test_one_kind_that_fails_keeps_none_of_the_others_waiting(
    noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = made.begun()
    for _ in range(MANY):
        shop.order(shop.member(), days=3)
    await segment_people.insert(shop.rows)
    broken = (replace(suggestion_kind("bought_before"), rows="SELECT 1/0 AS x"), suggestion_kind("full_price"))
    monkeypatch.setattr(suggestion_job, "KINDS", broken)
    with pytest.raises(ExceptionGroup):
        await suggestion_job.look_for_all()
    looks = await suggestions.looks()
    assert looks["bought_before"].trouble and looks["full_price"].found == 1
