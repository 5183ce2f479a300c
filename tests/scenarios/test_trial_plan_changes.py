"""Changing plan within a free trial: the trial goes on to its own end, and the first fee is the new plan's."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from components.foundation import clock, database
from components.insights.metrics import agreed_rows
from components.memberships.billing import cancellations, plan_changes, subscriptions
from components.memberships.billing.states import current_states, pause_refusals
from components.memberships.editing import plans
from components.memberships.grants import seats
from components.memberships.plans import plan_catalogue
from components.memberships.promises import plan_places
from components.messaging.notices import notice_emails
from tests.scenarios.test_planned_changes import has, held, texts
from tests.scenarios.test_plans import agreed, charged, hers, sound, two_plans
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_experiment_prices import begun
from tests.web.shop.test_experiments import JOIN, put_in
from tests.web.shop.test_fee_codes import code, states, visits

HERE = "/account/membership"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCUMENT = (Path(__file__).parents[2] / "docs" / "memberships.md").read_text()
CARD_TRIAL = plans.PlanTerms(trial_days=14, trial_ends="card")
IRIS, THEO = "iris@kiln.test", "theo@kiln.test"
WALKED = {
    "a dearer plan", "a cheaper plan", "a plan with a longer trial, or none", "a plan of another length",
    "a code", "a fee guarantee", "places", "an experiment's price", "kept after all", "another plan instead",
    "cancelled", "without a card", "a household", "told too late", "a pause",
}  # fmt: skip


def test_the_table_has_these_cases() -> None:
    part = DOCUMENT.split("## Changing plan in a trial")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| \*\*(.+?)\*\* \|", part, re.M)) == WALKED


async def fees() -> list[int]:
    """What was charged; the invoice with which a trial begins is for nothing."""
    return [amount for amount in await charged() if amount]


async def tries(shop: Shop, slug: str = "small", *, days: int = 14, ends: str = "card") -> Browser:
    """Maya is two days into the trial of Small, £4.50 a month; Large, £9.00, has Films, too."""
    if not plan_catalogue.active_plans():
        await two_plans()
    plan = plan_catalogue.by_slug(slug)
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=days, trial_ends=ends), by=None)
    maya = await join_members.joins(shop, plan_catalogue.by_slug(slug))
    await join_members.until(shop, clock.now() + 2 * DAY)
    return maya


async def ends(shop: Shop, *, after: timedelta = 2 * HOUR) -> None:
    """The trial ends: Stripe is told within the last day before, and bills an hour after."""
    until = (await subscriptions.by_id(await hers())).current_period_end
    for at in (until - 12 * HOUR, until - HOUR / 2, until, until + after):
        await join_members.until(shop, at)
        await plan_changes.apply_due()
        await shop.catch_up()


@pytest.mark.parametrize(
    ("tried", "chosen", "fee", "old"), [("small", "large", 900, 450), ("large", "small", 450, 900)]
)
async def test_the_trial_goes_on_and_the_first_fee_is_the_new_plans(
    shop: Shop, tried: str, chosen: str, fee: int, old: int
) -> None:
    maya = await tries(shop, tried)
    until = (await subscriptions.by_id(await hers())).current_period_end
    shown, after = await agreed(maya, chosen)
    assert "It starts on 15 March 2027, when your free trial ends. Until then the trial goes on as it is" in shown.words
    assert "Cancel before that day and you pay nothing." in shown.words and "Today £0.00" in shown.words
    assert f"£{fee / 100:.2f} a month, instead of £{old / 100:.2f} a month" in shown.words
    assert f"You’ll move to {chosen.capitalize()} on 15 March 2027." in after.alerts()
    assert f"Next charge £{fee / 100:.2f} on 15 March 2027" in after.words
    assert "Trial until 15 March 2027" in after.words
    overview = (await maya.get("/account")).words
    assert f"Your trial is free until 15 March 2027. Changes to {chosen.capitalize()} on 15 March 2027." in overview
    await people.owner(IRIS)
    seen = await (await shop.signed_in(IRIS)).get(f"/staff/members/{await join_members.person()}")
    assert f"Your plan changes to {chosen.capitalize()}, £{fee / 100:.2f} a month, on 15 March 2027" in seen.words
    await shop.catch_up()
    (told,) = await texts("plan_change_planned")
    assert "Until then your free trial goes on as it is, with the benefits of " in told and "refunded" not in told
    await join_members.until(shop, until - 3 * DAY + HOUR)
    await notice_emails.send_trial_notices()
    (ending,) = await texts("trial_ending")
    assert f"{chosen.capitalize()}: £{fee / 100:.2f}" in ending, ending
    assert await held() == tried and await has("Films") is (tried == "large") and await sound() == []
    assert (await agreed_rows.page()).rows == () and await fees() == []
    await join_members.until(shop, until - 12 * HOUR)
    await plan_changes.apply_due()
    await shop.catch_up()
    assert await held() == tried and (await subscriptions.by_id(await hers())).current_period_end == until
    await ends(shop)
    assert await held() == chosen and await has("Films") is (chosen == "large")
    assert await fees() == [fee] and len(await texts("plan_changed")) == 1 and await sound() == []
    paid = await database.fetch("SELECT starts_at, amount FROM paid_period")
    assert [(row["starts_at"], row["amount"]) for row in paid] == [(until, fee)]


@pytest.mark.parametrize("days", [30, 0])
async def test_a_plan_with_a_longer_trial_or_none_moves_no_end(shop: Shop, days: int) -> None:
    await two_plans()
    await plans.set_terms(plan_catalogue.by_slug("large").id, plans.PlanTerms(trial_days=days), by=None)
    maya = await tries(shop)
    until = (await subscriptions.by_id(await hers())).current_period_end
    shown, _ = await agreed(maya, "large")
    assert "It starts on 15 March 2027" in shown.words and "30 days" not in shown.words
    await ends(shop)
    assert await fees() == [900] and await held() == "large"
    assert await database.fetch_values("SELECT starts_at FROM paid_period") == [until]


@pytest.mark.parametrize(("tried", "chosen"), [("small", "yearly"), ("yearly", "small")])
async def test_a_plan_of_another_length_begins_with_the_end(shop: Shop, tried: str, chosen: str) -> None:
    await two_plans()
    await plans.create(slug="yearly", name="Yearly", summary="", price=3900, interval="year", by=None)
    maya = await tries(shop, tried)
    until = (await subscriptions.by_id(await hers())).current_period_end
    await agreed(maya, chosen)
    await join_members.until(shop, until - 20 * HOUR)
    await plan_changes.apply_due()
    await shop.catch_up()
    assert await database.fetch_value("SELECT count(*) FROM plan_change WHERE applied_at IS NOT NULL") == 1
    assert await held() == tried and await fees() == []
    await ends(shop)
    price, days = (3900, 366) if chosen == "yearly" else (450, 31)
    assert await fees() == [price] and await held() == chosen and await sound() == []
    rows = await database.fetch("SELECT starts_at, ends_at FROM paid_period")
    assert [(row["starts_at"], row["ends_at"] - row["starts_at"]) for row in rows] == [(until, days * DAY)]


async def test_a_code_comes_off_the_new_plans_first_payment_once(shop: Shop) -> None:
    await two_plans()
    await plans.set_terms(
        plan_catalogue.by_slug("small").id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None
    )
    await shop.refresh()
    await code("SPRING")
    maya = await visits(shop, join_members.MAYA)
    page = await maya.submit(await maya.get("/join/small?code=spring"), "/join/small")
    await maya.get((await shop.pay(page, "4242424242424242")).url)  # type: ignore[attr-defined]
    await shop.catch_up()
    shown, after = await agreed(maya, "large")
    assert "With your discount £7.20 a month, with 20% off your next payment" in shown.words or "£7.20" in shown.words
    assert "£7.20 on 15 March 2027" in after.words
    await ends(shop)
    await join_members.until(shop, clock.now() + 31 * DAY + 2 * HOUR)
    assert await fees() == [720, 900] and await states() == ["used"] and await sound() == []


async def test_a_code_that_would_leave_nothing_of_the_new_fee_refuses_it(shop: Shop) -> None:
    await two_plans()
    await plans.set_terms(
        plan_catalogue.by_slug("large").id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None
    )
    await shop.refresh()
    await code("FIVE", discount_type="amount", value=500)
    maya = await visits(shop, join_members.MAYA)
    page = await maya.submit(await maya.get("/join/large?code=five"), "/join/large")
    await maya.get((await shop.pay(page, "4242424242424242")).url)  # type: ignore[attr-defined]
    await shop.catch_up()
    refused = await maya.get(f"{HERE}/plan/small")
    assert "Your discount would leave nothing to pay for this plan" in refused.alerts()
    assert await database.fetch_value("SELECT count(*) FROM plan_change") == 0


@pytest.mark.parametrize(("guaranteed", "promised"), [("large", [900]), ("small", [])])
async def test_the_guarantee_is_that_of_the_plan_that_is_paid_for(
    shop: Shop, guaranteed: str, promised: list[int]
) -> None:
    await two_plans()
    maya = await tries(shop)
    plan = plan_catalogue.by_slug(guaranteed)
    terms = plans.PlanTerms(trial_days=14 * (guaranteed == "small"), trial_ends="card", guarantees_fee=True)
    await plans.set_terms(plan.id, terms, by=None)
    await agreed(maya, "large")
    await ends(shop)
    sums = await database.fetch_values(
        "SELECT p.amount FROM fee_guarantee g JOIN paid_period p ON p.subscription = g.source_id"
    )
    assert await fees() == [900] and sums == promised and await sound() == []


async def test_the_last_place_is_held_until_the_end_and_free_again_when_the_plan_is_kept(shop: Shop) -> None:
    maya = await tries(shop)
    large = plan_catalogue.by_slug("large")
    await plans.set_terms(large.id, plans.PlanTerms(places=1), by=None)
    await agreed(maya, "large")
    theo = await visits(shop, THEO)
    assert "waiting list" in (await theo.get("/join/large")).words
    counted = await plan_places.of_plan(large.id)
    assert counted is not None and counted.taken == 1
    await maya.submit(await maya.get(HERE), f"{HERE}/plan/withdrawal")
    counted = await plan_places.of_plan(large.id)
    assert counted is not None and counted.free == 1
    await join_members.joins(shop, large, email="noor@kiln.test", card="5555555555554444")
    _, refused = await agreed(maya, "large")
    assert "All places on this plan are taken" in refused.alerts()
    assert await plan_changes.planned(await hers()) is None


async def test_an_experiments_price_stays_and_the_other_plan_costs_what_its_page_says(
    shop: Shop,
) -> None:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, CARD_TRIAL, by=None)
    await plans.create(slug="large", name="Large", summary="", price=9000, interval="year", by=None)
    noor, email = await put_in(shop, await begun(plan=plan), 1)
    await noor.get((await shop.pay(await noor.submit(await noor.get(JOIN), JOIN))).url)  # type: ignore[attr-defined]
    await shop.catch_up()
    shown, after = await agreed(noor, "large")
    assert "£90.00 a year, instead of £30.00 a year" in shown.words and "Next charge £90.00" in after.words
    kept = await noor.submit(await noor.get(HERE), f"{HERE}/plan/withdrawal")
    assert "Next charge £30.00" in kept.words
    _, after = await agreed(noor, "large")
    running = await subscriptions.running(await join_members.person(email))
    assert running is not None and "Next charge £90.00" in after.words
    for at in (running.current_period_end - 12 * HOUR, running.current_period_end + 2 * HOUR):
        await join_members.until(shop, at)
        await plan_changes.apply_due()
        await shop.catch_up()
    assert await fees() == [9000] and await sound() == []


async def test_kept_after_all_until_the_last_hour_also_where_the_length_differs(shop: Shop) -> None:
    await two_plans()
    await plans.create(slug="yearly", name="Yearly", summary="", price=3900, interval="year", by=None)
    maya = await tries(shop)
    until = (await subscriptions.by_id(await hers())).current_period_end
    for slug, at in (("large", until - 30 * HOUR), ("yearly", until - 10 * HOUR), ("large", until - HOUR / 2)):
        await join_members.until(shop, at)
        maya = await shop.signed_in(join_members.MAYA)
        await agreed(maya, slug)
        await plan_changes.apply_due()
        await shop.catch_up()
        kept = await maya.submit(await maya.get(HERE), f"{HERE}/plan/withdrawal")
        assert "You’re staying on Small." in kept.alerts() and "£4.50 on 15 March 2027" in kept.words, slug
        await shop.catch_up()
    (first, *_, last) = await texts("plan_change_dropped")
    assert "Your free trial goes on until 15 March 2027. Cancel before that day and you pay nothing." in first
    assert "renews" not in first + last
    await ends(shop)
    assert await fees() == [450] and await held() == "small" and await sound() == []


async def test_the_last_plan_that_was_chosen_is_the_one(shop: Shop) -> None:
    await two_plans()
    await make_plans.club(price=600, interval="month", slug="middle")
    maya = await tries(shop)
    await agreed(maya, "large")
    await agreed(maya, "middle")
    await ends(shop)
    assert await fees() == [600] and await held() == "middle" and await sound() == []


@pytest.mark.parametrize("is_undone", [True, False])
async def test_cancelled_it_ends_with_the_trial_and_undone_the_change_stands(shop: Shop, is_undone: bool) -> None:
    maya = await tries(shop)
    await agreed(maya, "large")
    await cancellations.schedule(await hers())
    await shop.catch_up()
    page = await (await shop.signed_in(join_members.MAYA)).get(HERE)
    assert "Your plan changes" not in page.words
    if is_undone:
        await cancellations.withdraw(await hers())
        await shop.catch_up()
        page = await (await shop.signed_in(join_members.MAYA)).get(HERE)
        assert "Your plan changes to Large, £9.00 a month, on 15 March 2027" in page.words
        await ends(shop)
        assert await fees() == [900] and await held() == "large" and await sound() == []
        return
    await join_members.until(shop, clock.now() + 13 * DAY)
    await plan_changes.apply_due()
    await shop.catch_up()
    assert await fees() == [] and not await has("Films") and await sound() == []


@pytest.mark.parametrize(
    ("end", "status"), [("cancel", "cancelled"), ("pause", "paused"), ("create_invoice", "past_due")]
)
async def test_without_a_card_it_ends_as_the_plan_that_is_tried_says(shop: Shop, end: str, status: str) -> None:
    maya = await tries(shop, ends=end)
    shown, _ = await agreed(maya, "large")
    asks = "There’s no card on file: it only starts if you add one before that day." in shown.words
    assert asks is (end != "create_invoice"), shown.words
    until = (await subscriptions.by_id(await hers())).current_period_end
    for at in (until - 12 * HOUR, until + 2 * HOUR):
        await join_members.until(shop, at)
        await plan_changes.apply_due()
        await shop.catch_up()
    row = await join_members.subscription()
    assert row["status"] == status and await fees() == [] and await sound() == []
    owed = await database.fetch_values("SELECT amount_due FROM mirrored_invoice WHERE status = 'open'")
    assert owed == ([900] if end == "create_invoice" else [])


async def test_a_guest_keeps_their_place_until_the_end_and_the_payer_is_told(shop: Shop) -> None:
    await two_plans()
    await plans.set_terms(plan_catalogue.by_slug("large").id, plans.PlanTerms(seats=2, trial_days=14), by=None)
    maya = await join_members.joins(shop, plan_catalogue.by_slug("large"))
    theo = (await people.customer(THEO, name="Theo")).id
    seat = await seats.invite(await join_members.person(), email=THEO, own_email=join_members.MAYA)
    await seats.accept(seat.id, seats.token(seat.id), holder=theo)
    await shop.catch_up()
    shown, _ = await agreed(maya, "small")
    assert THEO in shown.words and await has("Films", THEO)
    await ends(shop)
    assert not await has("Films", THEO) and len(await texts("seat_ended")) == 1 and await sound() == []


@pytest.mark.parametrize(("tried", "chosen", "paid"), [("large", "small", 450), ("small", "large", 450)])
async def test_told_too_late_nobody_pays_more_than_the_new_plan(shop: Shop, tried: str, chosen: str, paid: int) -> None:
    """The worker was down over the end of the trial."""
    maya = await tries(shop, tried)
    await agreed(maya, chosen)
    until = (await subscriptions.by_id(await hers())).current_period_end
    await join_members.until(shop, until + 2 * HOUR)
    assert await fees() == [900 if tried == "large" else 450]
    for _ in range(2):
        await plan_changes.apply_due()
        await shop.catch_up()
    back = await database.fetch_value("SELECT coalesce(sum(amount), 0) FROM mirrored_refund")
    assert sum(await fees()) - back == paid and await held() == chosen and await sound() == []


async def test_a_pause_is_refused_with_the_reason(shop: Shop) -> None:
    maya = await tries(shop)
    why = str(pause_refusals.CannotPauseTrial())
    page = await maya.get(HERE)
    assert why in page.words and f'href="{HERE}/pause"' not in page.text
    for refused in (await maya.get(f"{HERE}/pause"), await maya.post(f"{HERE}/pause", {})):
        assert why in refused.alerts()
    await ends(shop)
    assert why not in (await (await shop.signed_in(join_members.MAYA)).get(HERE)).words
    found = await current_states.of_subscription(await hers())
    assert not isinstance(pause_refusals.why_not(found), pause_refusals.CannotPauseTrial)
