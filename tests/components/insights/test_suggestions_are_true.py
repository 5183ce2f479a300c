"""What a suggestion says of money and people holds, also of a year paid ahead, gifts, and members who have left."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from components.foundation import clock, database, ids
from components.insights.suggestions import better_plans, suggestion_job, suggestions
from components.insights.suggestions.suggestion_kind import SuggestionKind
from components.insights.suggestions.suggestions import SuggestionView
from components.memberships.benefits.kinds import kind
from components.memberships.plans import plan_cache
from tests.components.insights.test_suggestions import _lot as lot
from tests.support import segment_people
from tests.support import suggestion_shop as made
from tests.support.suggestion_shop import BASIC, CLUB, DAY, MANY, NOW, SuggestionShop

Found = dict[tuple[str, str], SuggestionView]


@pytest.fixture
def noon(db: None) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


async def looked(shop: SuggestionShop) -> Found:
    await segment_people.insert(shop.rows)
    await plan_cache.refresh()
    await suggestion_job.look_for_all()
    return {(one.kind, one.subject): one for one in await suggestions.shown_as("open")}


def kinds(found: Found) -> set[str]:
    return {key for key, _ in found}


@pytest.mark.parametrize(("given", "is_said"), [(1000, False), (3000, True)])
@pytest.mark.parametrize("is_opening", [False, True])
async def test_a_year_paid_before_counts_with_its_part(noon: None, given: int, is_said: bool, is_opening: bool) -> None:
    shop = made.begun()
    shop.rows["plan_version"][0].update(price=12_000, interval="year")
    for _ in range(MANY):
        member = shop.member()
        shop.fee(shop.subscription(member, days=200), days=200, net=10_000)
        shop.rows["paid_period"][-1].update(ends_at=shop.at(-165))
        if is_opening:
            shop.rows["paid_period"][-1].update(is_opening=True, net_amount=0, amount=0, net_price=10_000)
        lot(shop, member, days=5, given=given)
    found = await looked(shop)
    assert (("costly_cashback", str(CLUB)) in found) is is_said
    if is_said:
        part = round(10_000 * 90 / 365)
        assert found["costly_cashback", str(CLUB)].amount == MANY * (given - part)


async def test_cashback_of_whoever_paid_once_is_not_held_against_subscriptions(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        member = shop.member()
        shop.rows["membership"][-1]["source"] = "term"
        lot(shop, member, days=5, given=9_000)
        shop.fee(shop.subscription(shop.member(), days=200), days=40, net=900)
    assert "costly_cashback" not in kinds(await looked(shop))


async def test_a_plan_at_which_every_renewal_is_made_loses_nobody(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        _renewals(shop, 3, lost=False)
    await made.renewals_are_kept()
    assert "lost_renewal" not in kinds(await looked(shop))


async def test_renewals_of_the_month_and_of_the_year_are_told_apart(noon: None) -> None:
    shop = made.begun()
    for number in range(MANY):
        _renewals(shop, 3, lost=number % 2 == 0)
        _renewals(shop, 2, lost=False, interval="year")
    await made.renewals_are_kept()
    found = [one for (key, _), one in (await looked(shop)).items() if key == "lost_renewal"]
    assert [one.subject for one in found] == [f"{CLUB}:month:1:3"]
    assert (found[0].evidence, found[0].marked) == (MANY, MANY // 2)
    assert "renewal 3 of those who pay a month" in found[0].sentence, found[0].sentence


async def test_renewals_of_people_who_changed_since_are_worked_out_anew(noon: None) -> None:
    shop = made.begun()
    for number in range(MANY):
        _renewals(shop, 3, lost=number % 2 == 0)
        shop.add("figure_payer_change", person=shop.rows["person"][-1]["id"])["id"] = number
    await made.renewals_are_kept()
    assert "lost_renewal" not in kinds(await looked(shop)), "what is kept of them counts no more"


def _renewals(shop: SuggestionShop, turns: int, *, lost: bool, interval: str = "month") -> None:
    sub, person = ids.new(), shop.person()
    for turn in range(turns):
        shop.add(
            "figure_renewal", subscription=sub, person=person, plan=CLUB, interval=interval, interval_count=1,
            fee=700, at=shop.at(150 - 30 * turn), is_renewed=not (lost and turn == turns - 1),
        )  # fmt: skip


@pytest.mark.parametrize(("method", "is_said"), [("Express courier", False), ("Post", True)])
async def test_only_a_method_that_the_benefit_covers_is_near_its_amount(noon: None, method: str, is_said: bool) -> None:
    shop = made.begun()
    post = shop.add("delivery_method", name="Post", fee=395, position=1, basis="flat", carrier_days="12345")["id"]
    version = next(row for row in shop.rows["benefit_version"] if row["benefit"] == made.DELIVERY)
    free = kind("free_delivery")
    answers = {**free.example, "threshold": 5000, "reach": "some", "methods": [str(post)]}
    version["settings"] = free.dump(free.read(answers))
    for _ in range(MANY):
        shop.order(shop.member(), days=4, unit=4500, delivery=1295, delivery_method=method)
    assert ("just_below" in kinds(await looked(shop))) is is_said


async def test_baskets_of_before_an_amount_was_changed_say_nothing_of_todays(noon: None) -> None:
    shop, free = made.begun(), kind("free_delivery")
    now = next(row for row in shop.rows["benefit_version"] if row["benefit"] == made.DELIVERY)
    before = free.dump(free.read({**free.example, "threshold": 4600}))
    shop.add("benefit_version", benefit=made.DELIVERY, settings=before, from_at=now["from_at"], until_at=shop.at(20))
    now["from_at"] = shop.at(20)
    for number in range(2 * MANY):
        shop.order(shop.member(), days=4 if number < MANY else 40, unit=4500, delivery=300)
    one = (await looked(shop))["just_below", str(made.DELIVERY)]
    assert (one.evidence, one.amount, one.days) == (MANY, MANY * 300, 20)
    assert one.month == (2 * MANY * 300 * 365 + 12 * 20) // (2 * 12 * 20)


async def test_a_change_that_leaves_the_amount_forgets_nothing(noon: None) -> None:
    shop = made.begun()
    now = next(row for row in shop.rows["benefit_version"] if row["benefit"] == made.DELIVERY)
    same = {**now, "id": ids.new(), "until_at": shop.at(20)}
    shop.rows["benefit_version"].append(same)
    now["from_at"] = shop.at(20)
    for _ in range(MANY):
        shop.order(shop.member(), days=40, unit=4500, delivery=300)
    assert (await looked(shop))["just_below", str(made.DELIVERY)].days == 90


async def test_gifts_bring_no_basket_nearer_to_free_delivery(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        order = shop.order(shop.member(), days=4, unit=3000, delivery=395)
        shop.add("order_line", order=order["id"], position=1, product_id=made.BOWL, title="Free gift", quantity=1,
                 regular_unit=1500, unit=0, saved=1500, total=0, unit_cost=None, tax=0, gift=ids.new())  # fmt: skip
    assert "just_below" not in kinds(await looked(shop))


async def test_who_was_a_member_and_left_is_no_likely_joiner(noon: None) -> None:
    shop = made.begun()
    shop.order(shop.member(plan=BASIC), days=30, unit=10_000, saved=2_000)
    for _ in range(MANY):
        shop.order(shop.member(until=shop.at(20)), days=40, unit=30_000)
    assert "likely_joiners" not in kinds(await looked(shop))


async def test_better_plans_are_found_in_time_in_a_large_shop(noon: None) -> None:
    """No member is compared with the uses of all others: rows that are read and left out are no multiple of that."""
    shop = made.begun()
    for _ in range(6_000):
        member = shop.person()
        shop.fee(shop.subscription(member, days=200), days=20, net=900)
        shop.add("benefit_use", person=member, benefit=made.PRICE, order_id=None, kind="member_price", regular=10,
                 paid=5, currency="GBP", at=shop.at(5), reference=str(ids.new()))  # fmt: skip
    await segment_people.insert(shop.rows)
    await plan_cache.refresh()
    await database.execute("ANALYZE")
    async with database.transaction():
        found = await suggestion_job.look(better_plans.KIND, NOW)
    assert (found.subjects, found.most) == (1, 6_000)
    assert await left_out(better_plans.KIND) < 10 * 6_000


async def left_out(one: SuggestionKind) -> int:
    """Rows that its statement reads and leaves out, as PostgreSQL counts them."""
    args = await one.args(NOW - timedelta(days=one.days), NOW, "GBP")
    told = await database.fetch_value(f"EXPLAIN (ANALYZE, FORMAT JSON) {one.rows}", *args)
    waiting, total = [json.loads(told)[0]["Plan"]], 0
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        gone = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
        total += int(gone * node["Actual Loops"])
    return total


@pytest.mark.parametrize("paid", [900, 360])
async def test_who_pays_less_than_the_list_price_is_told_of_no_other(noon: None, paid: int) -> None:
    shop = made.begun()
    for _ in range(MANY):
        member = shop.member()
        shop.fee(shop.subscription(member, days=400), days=20, net=paid)
        shop.rows["paid_period"][-1]["net_price"] = 900
        shop.order(member, days=9, saved=10)
    found = kinds(await looked(shop))
    wanted = {"better_plan", "annual_interval"}
    assert found & wanted == (wanted if paid == 900 else set())


async def test_a_credit_that_ran_out_was_not_used(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        member = shop.member()
        lot(shop, member, days=50, given=500)
        shop.rows["ledger_lot"][-1].update(expires_at=shop.at(10))
        _expired(shop, shop.rows["ledger_lot"][-1]["id"], 500)
    assert ("unused_benefit", str(made.CASHBACK)) in await looked(shop)


def _expired(shop: SuggestionShop, id: object, amount: int) -> None:
    account = next((one for one in shop.rows["ledger_account"] if one["kind"] == "expired"), None)
    account = account or shop.add("ledger_account", kind="expired", currency="GBP")
    posting = shop.add("ledger_posting", kind="expired", at=shop.at(10), cause=str(ids.new()))["id"]
    shop.add("ledger_entry", posting=posting, account=account["id"], lot=id, amount=amount)


async def test_a_refund_is_no_use_of_a_benefit(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        member = shop.member()
        shop.add("benefit_use", person=member, benefit=made.PRICE, order_id=None, kind="member_price", regular=-10,
                 paid=-5, currency="GBP", at=NOW - 5 * DAY, reference=f"refund:{ids.new()}")  # fmt: skip
    assert ("unused_benefit", str(made.PRICE)) in await looked(shop)
