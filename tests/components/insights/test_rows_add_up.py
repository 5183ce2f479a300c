"""What a figure says is what its rows add up to; benefits and fees count for the plan of their day, without tax."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from components.checkout.taxes import tax_rates
from components.foundation import clock, database
from components.foundation.money import Money
from components.insights.metrics import agreed_rows, money_in, plan_results, row_pages
from components.insights.metrics.plan_results import PlanResult
from components.insights.programme import trial_rates
from components.ledger import credit
from components.memberships.billing import cancellations, pauses, subscriptions
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.payments import payment_refunds
from tests.support import join_members, make_plans, people, worlds
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

DAY = timedelta(days=1)


def rows(page: Page) -> list[list[str]]:
    """The cells of the first table's body."""
    body = page.tree.find(".//tbody")
    assert body is not None, page.words
    return [
        ["".join(cell.itertext()).strip() for cell in row if isinstance(cell.tag, str)] for row in body.iterfind("tr")
    ]


def amounts(page: Page, place: int) -> Decimal:
    cells = [row[place] for row in rows(page)]
    return sum((Decimal(re.sub(r"[£,]", "", words).replace("−", "-")) for words in cells), Decimal(0))


async def club(shop: Shop) -> Browser:
    return await worlds.open_with("members of each kind", shop, lambda: _club(shop))


async def _club(shop: Shop) -> Browser:
    """Two monthly members of whom one has cancelled, one of them had a trial, one yearly, one given."""
    await tax_rates.set_rate("GB", rate_bp=2000)
    await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    for name, plan in (("maya", "monthly"), ("theo", "monthly"), ("noor", "annual")):
        await join_members.joins(shop, plan_catalogue.by_slug(plan), email=f"{name}@kiln.test")
    theirs = await subscriptions.running(await join_members.person("theo@kiln.test"))
    assert theirs is not None
    await cancellations.schedule(theirs.id)
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_each_recurring_figure_is_the_sum_of_its_rows(shop: Shop) -> None:
    owner = await club(shop)
    mrr = await owner.get("/staff/metrics/figures/mrr")
    assert mrr.heading == "MRR: £10.21" and amounts(mrr, -1) == Decimal("10.21"), "£3.75 twice and £2.71, without VAT"
    cmrr = await owner.get("/staff/metrics/figures/cmrr")
    assert cmrr.heading == "CMRR: £6.46" and Decimal("10.21") + amounts(cmrr, -1) == Decimal("6.46")
    assert "£10.21 − £3.75 from the changes below = £6.46" in cmrr.words and "Leaves" in cmrr.words
    paying = await owner.get("/staff/metrics/figures/paying")
    assert paying.heading == "Paying members: 3" and len(rows(paying)) == 3
    arr = await owner.get("/staff/metrics/figures/arr")
    assert arr.heading == "ARR: £122.50" and amounts(arr, -1) == Decimal("122.50"), "£45 twice and £32.50, not rounded"
    assert "£10.21 ÷ 3 = £3.40" in (await owner.get("/staff/metrics/figures/arpu")).words


async def test_cmrr_is_without_the_tax_of_the_plan_that_is_agreed(shop: Shop) -> None:
    """Two move to a plan without tax, one leaves."""
    owner = await club(shop)
    reading = await plans.create(slug="reading", name="Reading", summary="", price=600, interval="month", by=None)
    await plans.set_terms(reading, plans.PlanTerms(tax_category="zero"), by=None)
    wanted = plan_catalogue.by_slug("reading")
    for name in ("maya", "noor"):
        theirs = await subscriptions.running(await join_members.person(f"{name}@kiln.test"))
        assert theirs is not None
        await database.execute(_CHANGE, theirs.id, wanted.version_id, clock.now() + DAY)
    cmrr = await owner.get("/staff/metrics/figures/cmrr")
    assert cmrr.heading == "CMRR: £12.00", "£6.00 twice: there is no tax in it"
    assert Decimal("10.21") + amounts(cmrr, -1) == Decimal("12.00")


async def test_agreed_changes_come_some_at_a_time_each_once_and_are_asked_for_once_in_a_file(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await club(shop)
    for place, name in enumerate(("maya", "noor")):
        theirs = await subscriptions.running(await join_members.person(f"{name}@kiln.test"))
        assert theirs is not None
        other = plan_catalogue.by_slug("annual" if name == "maya" else "monthly")
        await database.execute(_CHANGE, theirs.id, other.version_id, clock.now() + (2 - place) * DAY)
    seen, after = list[UUID](), row_pages.FIRST
    while after is not None:
        page = await agreed_rows.page(after, size=1)
        seen, after = [*seen, *(one.id for one in page.rows)], page.following  # type: ignore[assignment]
    assert len(seen) == 3 and sorted(set(seen)) == sorted(seen)
    monkeypatch.setattr(agreed_rows, "FILE_SIZE", 1)
    with database.counted() as sent:
        assert [one.id async for one in agreed_rows.every()] == seen
    assert sent.count == 2 + 3, "how long it may take, all of them as a stream, and the names of each page"
    assert (await owner.get("/staff/metrics/figures/cmrr/export")).text.count("\n") == 1 + 3


_CHANGE = """INSERT INTO plan_change (id, subscription, to_version, is_now, keeps_length, amount, currency, asked_at,
  due_at, why_dropped) VALUES (gen_random_uuid(), $1, $2, false, false, 0, 'GBP', $3, $3, '')"""


async def test_money_in_is_the_sum_of_its_sources_and_says_the_tax_in_it(shop: Shop) -> None:
    owner = await club(shop)
    page = await owner.get("/staff/metrics/figures/money-30")
    assert page.heading == "Money in, last 30 days: £48.00" and amounts(page, 2) == Decimal("48.00")
    assert "of which £8.00 is tax: £40.00 without tax" in page.words and amounts(page, 3) == Decimal("8.00")


async def result(name: str) -> PlanResult:
    (found,) = [one for one in await plan_results.by_plan(365) if one.plan == name]
    return found


async def test_a7_a_fee_stays_with_the_plan_it_was_paid_for(shop: Shop, at: object) -> None:
    """Paid as monthly, then moved to a year: £3.75 of it was for the month."""
    await club(shop)
    found = await subscriptions.running(await join_members.person())
    assert found is not None
    annual = plan_catalogue.by_slug("annual")
    await database.execute("UPDATE subscription SET plan_version = $2 WHERE id = $1", found.id, annual.version_id)
    assert ((await result("Monthly")).fees, (await result("Annual")).fees) == (750, 3250)


async def test_a7_a_refund_of_a_fee_is_taken_off(shop: Shop) -> None:
    await club(shop)
    found = await subscriptions.running(await join_members.person())
    assert found is not None
    invoice = await database.fetch_value("SELECT invoice FROM paid_period WHERE subscription = $1", found.id)
    await payment_refunds.create(found.id, Money(120, "GBP"), key=found.id, invoice=invoice)
    await shop.catch_up()
    monthly = await result("Monthly")
    assert (monthly.fees, monthly.refunds, monthly.left) == (750, 100, 650)
    assert [(one.amount, one.tax) for one in await money_in.parts(30) if one.name == "Refunds of membership fees"] == [
        (-120, -20)
    ]


async def test_a7_credit_that_expires_unspent_is_no_cost(shop: Shop) -> None:
    await club(shop)
    maya = await join_members.person()
    given = await make_plans.benefit("periodic_credit", "£5 a month", amount=500, days=30)
    soon = clock.now() + 10 * DAY
    await credit.grant(maya, 500, cause="one", words="Credit", expires_at=soon, benefit_id=given)
    await credit.grant(maya, 300, cause="two", words="Credit", expires_at=None, benefit_id=given)
    await credit.grant(maya, 700, cause="three", words="Sorry", expires_at=None)
    assert (await result("Monthly")).by_kind == {"periodic_credit": 800}, "goodwill is no benefit of the plan"
    clock.set_everywhere(soon + DAY)
    for lot in await database.fetch_values("SELECT id FROM ledger_lot WHERE expires_at IS NOT NULL"):
        await credit.expire(lot, maya)
    assert (await result("Monthly")).by_kind == {"periodic_credit": 300}


async def test_a6_who_converted_and_left_later_still_converted(shop: Shop, at: object) -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    start = clock.now()
    assert await _trials() == [("trialing", "waiting")]
    await join_members.until(shop, start + 15 * DAY)
    found = await subscriptions.running(await join_members.person())
    assert found is not None
    await cancellations.schedule(found.id)
    await join_members.until(shop, start + 60 * DAY)
    assert await _trials() == [("cancelled", "converted")]


async def test_a_trial_that_ended_on_hold_is_not_waited_for(shop: Shop) -> None:
    """Of a plan that asks for no card: nothing is charged, and who adds a card later has converted then."""
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="pause"), by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    start = clock.now()
    assert await _trials() == [("trialing", "waiting")]
    await join_members.until(shop, start + 15 * DAY)
    assert await _trials() == [("paused", "not converted")]


async def _trials() -> list[tuple[str, str]]:
    return [(one.status, one.state) async for one in trial_rates.rows(*trial_rates.last_days(365)).every()]


async def test_a_trial_that_runs_is_waited_for_and_not_lost(shop: Shop) -> None:
    """One converts, one cancels and ends, one has a card that fails later, and one has only begun."""
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)
    monthly, start = plan_catalogue.by_slug("monthly"), clock.now()
    for name, card in (("maya", "4242424242424242"), ("theo", "4000000000005126"), ("noor", "4000000000000341")):
        await join_members.joins(shop, monthly, card=card, email=f"{name}@kiln.test")
    theirs = await subscriptions.running(await join_members.person("theo@kiln.test"))
    assert theirs is not None
    await cancellations.schedule(theirs.id)
    await people.owner()
    owner = await shop.signed_in("iris@kiln.test")
    assert "Trial conversion — 3 waiting" in (await owner.get("/staff/metrics")).words, "nobody knows yet"
    await join_members.until(shop, start + 15 * DAY)
    await join_members.joins(shop, monthly, card="4000000000005423", email="bea@kiln.test")
    assert sorted(await _trials()) == [
        ("active", "converted"), ("cancelled", "not converted"), ("past_due", "waiting"), ("trialing", "waiting"),
    ]  # fmt: skip
    for address in ("/staff/metrics", "/staff/metrics/programme?months=now"):
        assert "Trial conversion 50% 1 of 2 trials, 2 waiting" in (await owner.get(address)).words, address
    for key in ("trials", "tried-now"):
        page = await owner.get(f"/staff/metrics/figures/{key}")
        assert "1 converted ÷ 2 trials whose outcome is known = 50%. Waiting: 2" in page.words, page.words
        assert sorted(row[-1] for row in rows(page)) == ["No", "Not known yet", "Not known yet", "Yes"]
        file = await owner.get(f"/staff/metrics/figures/{key}/export")
        assert file.text.count("Not known yet") == 2
    await database.execute("UPDATE subscription SET status = 'unpaid' WHERE status = 'past_due'")
    assert ("unpaid", "not converted") in await _trials(), "it is no longer tried"


async def test_who_comes_and_pauses_within_an_hour_is_in_no_total_of_the_month_and_in_none_of_its_rows(
    shop: Shop,
) -> None:
    owner = await club(shop)
    running = await subscriptions.running(await join_members.person())
    assert running is not None
    await pauses.start(running.id, until=clock.now() + 30 * DAY)
    await shop.catch_up()
    page = await owner.get("/staff/metrics/2027-03")
    assert "New £6.46 End £6.46" in page.words and amounts(page, 3) == Decimal("6.46"), page.words
    assert [row[2] for row in rows(page)] == ["New", "New"] and "count as one" in page.words


async def test_a8_an_old_month_still_opens(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club(price=3900, interval="year", slug="annual"))
    await people.owner()
    await join_members.until(shop, clock.now() + timedelta(days=366 * 6))
    owner = await shop.signed_in("iris@kiln.test")
    page = await owner.get("/staff/metrics/2027-03")
    assert page.status == 200 and "New" in page.words
    assert (await owner.get("/staff/metrics/2019-03")).status == 404
