"""A cheaper plan that is planned begins with the renewal, though Stripe is told of its price up to a day before."""

from datetime import UTC, datetime, timedelta

import pytest

from components.foundation import clock, database
from components.insights.metrics import agreed_rows
from components.insights.movements import movements
from components.memberships.billing import (
    coming_price,
    paid_periods,
    pauses,
    plan_changes,
    price_migrations,
    subscriptions,
)
from components.memberships.billing.states import pause_schedule
from components.memberships.editing import plans
from components.memberships.entitlements import entitlements
from components.memberships.grants import seats
from components.memberships.plans import plan_catalogue
from tests.scenarios.test_plans import agreed, charged, hers, sound, two_plans
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE = "/account/membership"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RENEWAL = datetime(2027, 4, 1, 12, tzinfo=UTC)
EARLY, AFTER = RENEWAL - 12 * HOUR, RENEWAL + 2 * HOUR
THEO = "theo@kiln.test"


async def has(benefit: str, email: str = join_members.MAYA) -> bool:
    held = await entitlements.for_person(await join_members.person(email))
    return any(one.name == benefit for one in held.entitlements)


async def held() -> str:
    found = await subscriptions.by_id(await hers())
    return plan_catalogue.by_version(found.plan_version).slug


async def emails() -> list[str]:
    """Those about the change."""
    written = "SELECT template FROM email WHERE template IN ('plan_changed', 'seat_ended') ORDER BY template"
    return [row["template"] for row in await database.fetch(written)]


async def with_guest(shop: Shop) -> Browser:
    """Maya pays £9.00 a month for Large, which two may share, and has planned Small, which nobody shares."""
    _, large = await two_plans()
    await plans.set_terms(large.id, plans.PlanTerms(seats=2), by=None)
    maya = await join_members.joins(shop, plan_catalogue.by_slug("large"))
    theo = (await people.customer(THEO, name="Theo")).id
    seat = await seats.invite(await join_members.person(), email=THEO, own_email=join_members.MAYA)
    await seats.accept(seat.id, seats.token(seat.id), holder=theo)
    await shop.catch_up()
    await agreed(maya, "small")
    return maya


async def told(shop: Shop, at: datetime = EARLY) -> None:
    """The worker has told Stripe of the price of the period to come."""
    await join_members.until(shop, at)
    await plan_changes.apply_due()
    await shop.catch_up()
    assert await database.fetch_value("SELECT count(*) FROM plan_change WHERE applied_at IS NOT NULL") == 1


async def test_27_nothing_changes_before_the_day_that_the_page_names(shop: Shop) -> None:
    await with_guest(shop)
    await told(shop)
    page = await (await shop.signed_in(join_members.MAYA)).get(HERE)
    assert "Your plan changes to Small, £4.50 a month, on 1 April 2027. Nothing changes until then." in page.words
    maya = await shop.signed_in(join_members.MAYA)
    assert "Changes to Small on 1 April 2027." in (await maya.get("/account")).words
    assert await held() == "large" and await has("Films") and await has("Films", THEO)
    assert "Next charge £4.50 on 1 April 2027" in page.words
    (agreed_fee,) = (await agreed_rows.page()).rows
    assert (agreed_fee.after - agreed_fee.before, agreed_fee.at) == (-450, RENEWAL)
    assert (
        await database.fetch_value("SELECT count(*) FROM email WHERE template IN ('plan_changed', 'seat_ended')") == 0
    )
    assert await sound() == []
    await join_members.until(shop, AFTER)
    assert await held() == "small" and not await has("Films") and not await has("Films", THEO)
    assert (
        await database.fetch_value("SELECT count(*) FROM email WHERE template IN ('plan_changed', 'seat_ended')") == 2
    )
    assert "Your plan changes" not in (await (await shop.signed_in(join_members.MAYA)).get(HERE)).words
    await movements.record_everybody()
    assert [(one.kind, f"{one.at:%Y-%m-%d}") for one in await movements.ledger()] == [
        ("new", "2027-03-01"),
        ("contraction", "2027-04-01"),
    ]
    assert await charged() == [900, 450] and (await agreed_rows.page()).rows == () and await sound() == []


async def test_27_within_that_day_the_current_plan_can_still_be_kept(shop: Shop) -> None:
    await with_guest(shop)
    await told(shop)
    maya = await shop.signed_in(join_members.MAYA)
    refused = await maya.get(f"{HERE}/plan/small")
    assert "Choose “Keep my current plan” first" in refused.alerts()
    kept = await maya.submit(await maya.get(HERE), f"{HERE}/plan/withdrawal")
    assert "You’re staying on Large." in kept.alerts() and "Next charge £9.00 on 1 April 2027" in kept.words
    await plan_changes.apply_due()
    await join_members.until(shop, AFTER)
    assert await charged() == [900, 900] and await held() == "large" and await has("Films", THEO)
    assert await sound() == []


async def test_27_what_stripe_refused_to_take_back_can_be_taken_back_by_pressing_again(shop: Shop) -> None:
    await with_guest(shop)
    await told(shop)
    maya = await shop.signed_in(join_members.MAYA)
    page = await maya.get(HERE)
    shop.stand_in.fault("refused", times=1)
    refused = await maya.submit(page, f"{HERE}/plan/withdrawal")
    assert "You’re staying on" not in refused.alerts()
    kept = await maya.submit(await maya.get(HERE), f"{HERE}/plan/withdrawal")
    assert "You’re staying on Large." in kept.alerts(), kept.alerts()
    await join_members.until(shop, AFTER)
    assert await charged() == [900, 900] and await held() == "large" and await sound() == []


async def test_the_member_is_told_once_of_a_planned_change_and_of_its_undoing(shop: Shop) -> None:
    await with_guest(shop)
    await told(shop)
    await shop.catch_up()
    (planned,) = await texts("plan_change_planned")
    assert planned.startswith(
        "You'll move from Large to Small on 1 April 2027. From then on you pay £4.50 a month. Until then nothing "
        "changes: you keep Large and its benefits. Nothing is charged or refunded now. These benefits are not part of "
        "Small: - Films Changed your mind? Until the day before, you can choose “Keep my current plan” on your "
        "membership page."
    ), planned
    maya = await shop.signed_in(join_members.MAYA)
    page = await maya.get(HERE)
    for _ in range(2):
        await maya.submit(page, f"{HERE}/plan/withdrawal")
        await shop.catch_up()
    (kept,) = await texts("plan_change_dropped")
    assert kept.startswith(
        "You’re staying on Large for £9.00 a month. The change to Small that was planned for 1 April 2027 won’t be "
        "made. Your membership renews on 1 April 2027."
    ), kept
    await agreed(maya, "small")
    await plan_changes.cancel(await hers())
    await shop.catch_up()
    assert len(await texts("plan_change_planned")) == len(await texts("plan_change_dropped")) == 1, "over before told"
    await agreed(maya, "small")
    await shop.catch_up()
    await plan_changes.cancel(await hers())
    await shop.catch_up()
    assert len(await texts("plan_change_planned")) == len(await texts("plan_change_dropped")) == 2


async def texts(template: str) -> list[str]:
    rows = await database.fetch("SELECT text FROM email WHERE template = $1 ORDER BY created_at, id", template)
    return [" ".join(row["text"].split()) for row in rows]


async def test_27_cancelled_within_that_day_it_ends_with_the_plan_that_was_paid_for(shop: Shop) -> None:
    await with_guest(shop)
    await told(shop)
    maya = await shop.signed_in(join_members.MAYA)
    page = await maya.submit(await maya.get(f"{HERE}/cancellation"), f"{HERE}/cancellation")
    page = await maya.get(HERE)
    assert "Your plan changes" not in page.words and await held() == "large" and await has("Films")
    await join_members.until(shop, AFTER)
    assert await charged() == [900] and not await has("Films") and await sound() == []


@pytest.mark.parametrize("back_after", [3 * DAY, None])
async def test_27_a_pause_begun_within_that_day_takes_the_change_along(
    shop: Shop, back_after: timedelta | None
) -> None:
    """Whether the member comes back sooner or with the pause's end, the paid hours that were left are had on Large."""
    await with_guest(shop)
    await told(shop)
    until = EARLY + 30 * DAY
    await pauses.start(await hers(), until=until)
    await shop.catch_up()
    assert await held() == "large"
    back = EARLY + back_after if back_after else until
    if back_after:
        await join_members.until(shop, back)
        await pauses.end(await hers())
    await join_members.until(shop, back + 6 * HOUR)
    await pause_schedule.end_due()
    await plan_changes.apply_due()
    await shop.catch_up()
    assert await held() == "large" and await has("Films") and await has("Films", THEO)
    page = await (await shop.signed_in(join_members.MAYA)).get(HERE)
    assert f"on {(back + 12 * HOUR).day} April 2027. Nothing changes until then." in page.words or not back_after
    await join_members.until(shop, back + 14 * HOUR)
    assert await held() == "small" and await sound() == []
    assert [sum for sum in await charged() if sum] == [900, 450]


async def test_28_a_plan_of_another_length_begins_at_the_instant_that_was_named(shop: Shop) -> None:
    await make_plans.club(price=3900, slug="annual")
    await plans.create(slug="monthly", name="Monthly", summary="", price=450, interval="month", by=None)
    browser = await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    await agreed(browser, "monthly")
    day = datetime(2028, 3, 1, 12, tzinfo=UTC)
    await told(shop, day - timedelta(minutes=30))
    maya = await shop.signed_in(join_members.MAYA)
    page = await maya.get(HERE)
    assert "on 1 March 2028. Nothing changes until then." in page.words and await has("The whole journal")
    refused = await maya.submit(page, f"{HERE}/plan/withdrawal")
    assert "It’s too late to keep your current plan" in refused.alerts()
    assert (await agreed_rows.page()).rows == () and await sound() == []
    clock.set_everywhere(day + timedelta(minutes=1))
    await plan_changes.apply_due()
    await shop.catch_up()
    assert await held() == "monthly" and not await has("The whole journal") and await charged() == [3900, 450]


async def test_a_price_move_is_told_ahead_and_counts_with_the_renewal(shop: Shop) -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    await plans.revise(plan.id, price=550, by=None)
    dearer = plan_catalogue.by_slug("monthly")
    await price_migrations.schedule(dearer, from_at=datetime(2027, 3, 20, tzinfo=UTC), notice_days=14, by=None)
    for at in (datetime(2027, 3, 10, tzinfo=UTC), EARLY):
        await join_members.until(shop, at)
        await price_migrations.run_due()
        await shop.catch_up()
    assert await database.fetch_value("SELECT count(*) FROM price_move WHERE moved_at IS NOT NULL") == 1
    kept = await subscriptions.by_id(await hers())
    assert kept.plan_version == plan.version_id
    assert (await coming_price.of_renewal(kept)).version_id == dearer.version_id
    page = await (await shop.signed_in(join_members.MAYA)).get(HERE)
    assert "Next charge £5.50 on 1 April 2027" in page.words
    (agreed_fee,) = (await agreed_rows.page()).rows
    assert agreed_fee.after - agreed_fee.before == 100
    await join_members.until(shop, AFTER)
    assert (await subscriptions.by_id(kept.id)).plan_version == dearer.version_id
    assert await charged() == [450, 550] and await sound() == []


async def test_two_changes_that_are_charged_in_the_same_second_are_two_periods(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="small"))
    await make_plans.club(price=900, interval="month", slug="large")
    await make_plans.club(price=9000, interval="year", slug="yearly")
    await join_members.until(shop, clock.now() + timedelta(days=8))
    for slug in ("large", "yearly"):
        page = await browser.submit(await browser.get(f"{HERE}/plan/{slug}"), f"{HERE}/plan/{slug}")
        assert "You’re now on" in page.alerts()
        await shop.catch_up()
    rows = await database.fetch("SELECT id, subscription, invoice FROM paid_period ORDER BY starts_at")
    assert len(rows) == 3 and await sound() == []
    await database.execute("DELETE FROM paid_period WHERE id = ANY($1)", [row["id"] for row in rows[1:]])
    for row in (rows[2], rows[1], rows[2], rows[1]):
        await paid_periods.record(row["subscription"], row["invoice"])
    again = await database.fetch("SELECT invoice FROM paid_period ORDER BY starts_at")
    assert [row["invoice"] for row in again] == [row["invoice"] for row in rows] and await sound() == []
