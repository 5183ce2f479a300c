"""A household through everything its payer may do or suffer: benefits, page and e-mails of the guest, row by row of the
table in docs/memberships.md; and what the payer is told before it happens."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.memberships import reactions as memberships
from components.memberships.billing import cancellations, fee_disputes, fee_refunds, pauses, plan_changes, subscriptions
from components.memberships.billing.states import pause_schedule
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements, membership_periods
from components.memberships.entitlements.entitlement_history import at_instant
from components.memberships.grants import seats
from components.memberships.invariants import invariants
from components.memberships.keeping_members import refunded_fees
from components.memberships.plans import plan_catalogue
from components.payments import disputes
from components.payments.stripe_connection import client
from tests.scenarios.test_49_disputes import DISPUTED
from tests.scenarios.test_owing import FAILS, GOOD, new_card
from tests.support import join_members, kept_shops, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_membership_states import DOCS
from web.standin.charging import disputes as bank

HERE, HOUSEHOLD = "/account/membership", "/account/household"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAYA, THEO, IRIS = join_members.MAYA, "theo@kiln.test", "iris@kiln.test"


class Row(NamedTuple):
    payer: str
    has_benefits: str
    words: str
    email: str


def _table() -> list[Row]:
    lines = DOCS.read_text().split("| the payer | the guest has benefits |")[1].split("\n\n")[0].splitlines()[2:]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


async def its() -> UUID:
    found = await subscriptions.latest(await join_members.person(MAYA))
    assert found is not None
    return found.id


async def on(shop: Shop, days: float) -> None:
    """Time goes on, and what is due on the way happens."""
    until = clock.now() + timedelta(days=days)
    while clock.now() < until:
        clock.set_everywhere(min(clock.now() + 11 * DAY, until))
        await shop.catch_up()
        await settled(shop)


async def settled(shop: Shop) -> None:
    await plan_changes.apply_due()
    await pause_schedule.end_due()
    await shop.catch_up()
    await memberships.announce_ended()
    await shop.catch_up()


async def member_with_guest(shop: Shop, card: str = GOOD) -> None:
    """Maya pays £4.50 a month and shares with Theo; Large has as many seats, Small and Dear none."""
    await people.owner(IRIS)
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(seats=2), by=None)
    for slug, price, count in (("large", 900, 2), ("dear", 950, 0), ("small", 300, 0)):
        made = await plans.create(slug=slug, name=slug.capitalize(), summary="", price=price, interval="month", by=None)
        await plans.set_terms(made, plans.PlanTerms(seats=count), by=None)
        for benefit in plan.benefits:
            await plan_benefits.attach(made, benefit.id, by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"), card=card)
    await invite(shop)


async def invite(shop: Shop) -> None:
    theo = (await people.customer(THEO, name="Theo")).id
    seat = await seats.invite(await join_members.person(MAYA), email=THEO, own_email=MAYA)
    await seats.accept(seat.id, seats.token(seat.id), holder=theo)
    await shop.catch_up()


async def moves_to(slug: str) -> None:
    plan, found = plan_catalogue.by_slug(slug), await its()
    shown = await plan_changes.difference(found, plan)
    await plan_changes.apply(found, plan, at=shown.at, agreed=shown.due)


# what each row does; Maya's browser is signed in


async def trial(shop: Shop, maya: Browser) -> None:
    """Maya's was no trial: Noor's is, and Theo shares that one."""
    await plans.set_terms(plan_catalogue.by_slug("monthly").id, plans.PlanTerms(seats=2, trial_days=14), by=None)
    await cancellations.end_at_once(await its(), by=await join_members.person(IRIS))
    await settled(shop)
    await database.execute("DELETE FROM email")
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"), email="noor@kiln.test", card="4000002500003155")
    await database.execute("UPDATE person SET name = 'Maya' WHERE email = 'noor@kiln.test'")
    seat = await seats.invite(await join_members.person("noor@kiln.test"), email=THEO, own_email="noor@kiln.test")
    await seats.accept(seat.id, seats.token(seat.id), holder=await join_members.person(THEO))
    assert await database.fetch_value("SELECT status FROM subscription WHERE ended_at IS NULL") == "trialing"


async def active(shop: Shop, maya: Browser) -> None:
    pass


async def owing(shop: Shop, maya: Browser) -> None:
    shop.stand_in.retry_renewals(schedule="two months", then="cancel")
    await new_card(shop, maya, FAILS)
    await on(shop, 32)


async def owing_after_grace(shop: Shop, maya: Browser) -> None:
    await owing(shop, maya)
    await on(shop, 16)


async def paid_after_grace(shop: Shop, maya: Browser) -> None:
    await owing_after_grace(shop, maya)
    await new_card(shop, await shop.signed_in(MAYA), GOOD)


async def planned(shop: Shop, maya: Browser) -> None:
    begins = clock.now() + 10 * DAY
    await pauses.start(await its(), from_at=begins, until=begins + 30 * DAY)


async def dropped(shop: Shop, maya: Browser) -> None:
    await planned(shop, maya)
    await pauses.end(await its())


async def paused(shop: Shop, maya: Browser) -> None:
    await pauses.start(await its(), until=clock.now() + 30 * DAY)


async def back(shop: Shop, maya: Browser) -> None:
    await paused(shop, maya)
    await settled(shop)
    await on(shop, 31)


async def cancelled(shop: Shop, maya: Browser) -> None:
    await cancellations.schedule(await its())


async def cancelled_while_paused(shop: Shop, maya: Browser) -> None:
    await paused(shop, maya)
    await settled(shop)
    await cancellations.schedule(await its())


async def ended(shop: Shop, maya: Browser) -> None:
    await cancelled(shop, maya)
    await on(shop, 33)


async def ended_while_paused(shop: Shop, maya: Browser) -> None:
    await paused(shop, maya)
    await settled(shop)
    await cancellations.end_at_once(await its())


async def to_large(shop: Shop, maya: Browser) -> None:
    await moves_to("large")


async def to_dear(shop: Shop, maya: Browser) -> None:
    page = await maya.get(f"{HERE}/plan/dear")
    assert "Dear can’t be shared. theo@kiln.test loses their place as soon as you change" in page.words
    await maya.submit(page, f"{HERE}/plan/dear")


async def to_small(shop: Shop, maya: Browser) -> None:
    page = await maya.get(f"{HERE}/plan/small")
    assert "Small can’t be shared. theo@kiln.test loses their place on 1 April 2027, and we’ll" in page.words
    await maya.submit(page, f"{HERE}/plan/small")
    await on(shop, 5)
    assert "theo@kiln.test loses their place then" in (await maya.get(HERE)).words


async def to_small_then(shop: Shop, maya: Browser) -> None:
    await to_small(shop, maya)
    await on(shop, 28)


async def refunded(shop: Shop, maya: Browser) -> None:
    await _refund(ends_now=False)


async def refunded_and_ended(shop: Shop, maya: Browser) -> None:
    await _refund(ends_now=True)


async def _refund(*, ends_now: bool) -> None:
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    by = await join_members.person(IRIS)
    await fee_refunds.create(await its(), str(invoice), 450, reason="", ends_now=ends_now, by=by, key=ids.new())


async def refunded_in_stripe(shop: Shop, maya: Browser) -> None:
    intent = await database.fetch_value("SELECT payment_intent FROM mirrored_invoice WHERE status = 'paid'")
    await client().v1.refunds.create_async({"payment_intent": str(intent)})
    await settled(shop)
    assert len(await refunded_fees.undecided()) == 1


async def refunded_in_stripe_and_ended(shop: Shop, maya: Browser) -> None:
    await refunded_in_stripe(shop, maya)
    (waits,) = await refunded_fees.undecided()
    await refunded_fees.end(waits.invoice, by=await join_members.person(IRIS))


async def disputed(shop: Shop, maya: Browser) -> None:
    assert await database.fetch_value("SELECT count(*) FROM mirrored_dispute") == 1


async def lost(shop: Shop, maya: Browser) -> None:
    with shop.stand_in.engine.changing() as books:
        for dispute in list(books.find("dispute")):
            bank.close(books, dispute, verdict="lost")
    await settled(shop)
    found = await disputes.by_id(str(await database.fetch_value("SELECT stripe_id FROM mirrored_dispute")))
    await fee_disputes.decide(found, ends_now=True, words="lost", by=await join_members.person(IRIS))


async def lost_by_setting(shop: Shop, maya: Browser) -> None:
    await setting_rows.change({"dispute_lost": "end"}, by=None)
    with shop.stand_in.engine.changing() as books:
        for dispute in list(books.find("dispute")):
            bank.close(books, dispute, verdict="lost")
    await settled(shop)


async def removed(shop: Shop, maya: Browser) -> None:
    household = await seats.household(await join_members.person(MAYA))
    assert household is not None
    await seats.revoke(household.seats[0].id, payer=await join_members.person(MAYA))


async def left(shop: Shop, maya: Browser) -> None:
    theo = await join_members.person(THEO)
    held = await seats.seats_held(theo)
    assert held is not None
    await seats.leave(held.id, holder=theo)


ROWS: dict[str, Callable[[Shop, Browser], Awaitable[None]]] = {
    "trial": trial,
    "active": active,
    "owing in grace": owing,
    "owing after grace": owing_after_grace,
    "paid after grace": paid_after_grace,
    "pause planned": planned,
    "pause dropped": dropped,
    "paused": paused,
    "back from a pause": back,
    "cancelled, running": cancelled,
    "cancelled while paused": cancelled_while_paused,
    "ended": ended,
    "ended while paused": ended_while_paused,
    "plan with as many seats": to_large,
    "plan without seats": to_dear,
    "plan without seats, planned": to_small,
    "plan without seats, planned, its date": to_small_then,
    "fee refunded": refunded,
    "fee refunded and ended": refunded_and_ended,
    "fee refunded in Stripe": refunded_in_stripe,
    "fee refunded in Stripe, ended by staff": refunded_in_stripe_and_ended,
    "dispute opened": disputed,
    "dispute lost, ended by staff": lost,
    "dispute lost, ended by the setting": lost_by_setting,
    "seat removed": removed,
    "seat left": left,
}
OFF_BEFORE = ("paid after grace", "back from a pause", "ended while paused")
ON_A_DISPUTED_CARD = ("dispute opened", "dispute lost, ended by staff", "dispute lost, ended by the setting")


def test_the_table_names_what_is_walked() -> None:
    assert [row.payer for row in _table()] == list(ROWS)


SHARES = 4
"""The walk is cut into so many tests, so that several processes share it."""


@pytest.mark.parametrize("share", range(SHARES))
async def test_a_guest_has_reads_and_is_told_what_the_table_says(
    shop: Shop, dsn: str, tmp_path: Path, share: int
) -> None:
    rows = [row for row in _table() if row.payer not in ON_A_DISPUTED_CARD][share::SHARES]
    await _walk(shop, dsn, tmp_path, rows, GOOD)


async def test_49_a_guest_keeps_the_seat_while_a_dispute_is_open(shop: Shop, dsn: str, tmp_path: Path) -> None:
    await _walk(shop, dsn, tmp_path, [row for row in _table() if row.payer in ON_A_DISPUTED_CARD], DISPUTED)


async def _walk(shop: Shop, dsn: str, folder: Path, rows: list[Row], card: str) -> None:
    await member_with_guest(shop, card)
    kept = await kept_shops.keep(shop, folder, MAYA, THEO)
    for number, row in enumerate(rows):
        async with kept.opened(folder / str(number), dsn) as (again, browsers):
            clock.set_everywhere(clock.now() + HOUR)
            await ROWS[row.payer](again, browsers[MAYA])
            await again.catch_up()
            await settled(again)
            is_signed_in = clock.now() < kept.at + 29 * DAY
            await _is_as_said(row, browsers[THEO] if is_signed_in else await again.signed_in(THEO))


async def _is_as_said(row: Row, browser: Browser) -> None:
    theo = await join_members.person(THEO)
    standing, page = await entitlements.for_person(theo), await browser.get(HERE)
    assert bool(standing.entitlements) is (row.has_benefits == "yes"), row.payer
    assert row.words in page.words, (row.payer, page.words)
    for one in (page, await browser.get("/account"), await browser.get("/join/monthly")):
        assert row.payer != "owing in grace" or "until 15 April" not in one.words, one.path
    sql = "SELECT template FROM email WHERE person = $1 AND template <> 'account_opened'"
    told = [one["template"] for one in await database.fetch(sql, theo)]
    wanted = {"–": [], "membership_started": []}.get(row.email, [row.email])
    if row.payer in OFF_BEFORE:
        wanted = ["seat_on_hold", *wanted]
    assert sorted(told) == sorted(["membership_started", *wanted]), (row.payer, told)
    assert await invariants() == [], row.payer


async def texts(template: str) -> list[str]:
    """Each e-mail of a kind as one line, oldest first."""
    rows = await database.fetch("SELECT text FROM email WHERE template = $1 ORDER BY created_at, id", template)
    return [" ".join(row["text"].split()) for row in rows]


async def test_every_sentence_of_what_a_guest_is_told_about_a_pause_and_the_end(shop: Shop) -> None:
    await member_with_guest(shop)
    (shared,) = [one for one in await texts("membership_started") if "shares it with you" in one]
    assert shared.startswith("Welcome, Theo") and "Maya shares it with you: there's nothing for you to pay." in shared
    clock.set_everywhere(clock.now() + HOUR)
    await paused(shop, await shop.signed_in(MAYA))
    await settled(shop)
    (held,) = await texts("seat_on_hold")
    checked = (await at_instant(await join_members.person(THEO), clock.now()))[0].why
    assert checked.startswith("On hold at that time: Monthly, a household membership, off since Monday 1 March 2027")
    assert held.startswith(
        "Maya has paused Monthly, which you share, until 31 March 2027. Your benefits are off until then, and your "
        "place is kept. We'll e-mail you when your benefits are back. You don't pay anything. Your membership: http"
    )
    paused_at = clock.now()
    await on(shop, 31)
    for person in (MAYA, THEO):
        checked = (await at_instant(await join_members.person(person), paused_at))[0].why
        assert checked.startswith("On hold at that time: Monthly"), checked
    (back_again,) = await texts("seat_back")
    assert back_again.startswith(
        "Monthly, which Maya shares with you, is active again. Your prices and benefits apply automatically from now "
        "on. Your membership: http"
    )
    await left(shop, await shop.signed_in(MAYA))
    await settled(shop)
    (gone,) = await texts("seat_ended")
    assert gone.startswith(
        "You've left Monthly, which Maya shared with you. Your place ended on 1 April 2027. Your orders and savings "
        "stay in your account, and you can join yourself whenever you like. Your membership: http"
    )


async def test_a_guest_with_a_plan_of_their_own_is_told_that_it_goes_on(shop: Shop) -> None:
    await member_with_guest(shop)
    await membership_periods.start(
        await join_members.person(THEO), plan_id=plan_catalogue.by_slug("small").id, source="term",
        source_id=ids.new(), starts_at=clock.now(), ends_at=clock.now() + 300 * DAY,
    )  # fmt: skip
    clock.set_everywhere(clock.now() + HOUR)
    await paused(shop, await shop.signed_in(MAYA))
    await settled(shop)
    (held,) = await texts("seat_on_hold")
    assert held.startswith(
        "Maya has paused Monthly, which you share, until 31 March 2027. Its benefits are off until then, and your "
        "place is kept. You still have Small, and nothing changes about that. We'll e-mail you when the membership you "
        "share is back. You don't pay anything for it. Your membership: http"
    ), held


async def test_staff_see_who_shares_with_whom_and_what_an_end_means_for_them(shop: Shop) -> None:
    await member_with_guest(shop)
    payer, theo = await join_members.person(MAYA), await join_members.person(THEO)
    await seats.invite(payer, email="ines@kiln.test", own_email=MAYA)
    iris = await shop.signed_in(IRIS)
    page = await iris.get(f"/staff/members/{payer}")
    said = "Shared with Theo since 1 March 2027 ines@kiln.test, invited on 1 March 2027 2 of 2 places in use"
    assert said in page.words and f"/staff/members/{theo}" in page.links() and "Shared by" not in page.words
    guest = await iris.get(f"/staff/members/{theo}")
    assert "Shared by Maya : Monthly" in guest.words and "Shared with" not in guest.words
    assert f"/staff/members/{payer}" in guest.links()
    for act, when in (("cancellation", "on 1 April 2027"), ("cancellation/now", "straight away")):
        asked = (await iris.get(f"/staff/members/{payer}/{act}")).words
        assert f"theo@kiln.test loses their place in the household {when}, and gets an e-mail." in asked, act
    clock.set_everywhere(clock.now() + HOUR)
    await pauses.start(await its(), until=clock.now() + 30 * DAY)
    await settled(shop)
    assert "Monthly, on hold at the moment" in (await iris.get(f"/staff/members/{theo}")).words


async def test_a_household_page_stays_open_during_a_pause_and_an_invitation_waits(shop: Shop) -> None:
    await member_with_guest(shop)
    clock.set_everywhere(clock.now() + HOUR)
    maya = await shop.signed_in(MAYA)
    assert "They keep their places, and we’ll e-mail them" in (await maya.get(f"{HERE}/pause")).words
    seat = await seats.invite(await join_members.person(MAYA), email="ines@kiln.test", own_email=MAYA)
    cancelling = (await maya.get(f"{HERE}/cancellation")).words
    assert "theo@kiln.test loses their place on 1 April 2027, and we’ll e-mail them then." in cancelling
    assert "Your invitation to ines@kiln.test is withdrawn on 1 April 2027." in cancelling
    await paused(shop, maya)
    page = await maya.get(HOUSEHOLD)
    assert "on hold until 31 March 2027: their benefits are off as well, and their places are kept" in page.words
    assert not page.tree.findall(".//input[@name='email']") and HOUSEHOLD in (await maya.get(HERE)).links()
    refused = await maya.post(HOUSEHOLD, {"email": "noor@kiln.test"})
    assert refused.status == 422 and "You can invite people again when it’s back" in refused.words
    link = f"/household/{seat.id}/{seats.token(seat.id)}"
    waits = await shop.browser().get(link)
    assert waits.status == 409 and "Your invitation stays valid: try again later." in waits.words
    await pauses.end(await its())
    assert (await shop.browser().get(link)).status == 200


async def test_of_fewer_seats_those_stay_who_took_theirs_first_and_staff_take_none_away(shop: Shop) -> None:
    await member_with_guest(shop)
    await plans.set_terms(plan_catalogue.by_slug("large").id, plans.PlanTerms(seats=1), by=None)
    payer, noor = await join_members.person(MAYA), (await people.customer("noor@kiln.test")).id
    seat = await seats.invite(payer, email="noor@kiln.test", own_email=MAYA)
    page = await (await shop.signed_in(MAYA)).get(f"{HERE}/plan/large")
    assert "shared with one other person. Your invitation to noor@kiln.test is withdrawn as soon as" in page.words
    clock.set_everywhere(clock.now() + HOUR)
    await seats.accept(seat.id, seats.token(seat.id), holder=noor)
    await plans.set_terms(plan_catalogue.by_slug("monthly").id, plans.PlanTerms(seats=0), by=None)
    await subscriptions.apply(await its())
    household = await seats.household(payer)
    assert household is not None and len(household.seats) == 2 and household.left == 0
    await moves_to("large")
    assert (await entitlements.for_person(await join_members.person(THEO))).is_member
    assert not (await entitlements.for_person(noor)).is_member and await invariants() == []


async def test_the_seats_of_a_term_are_over_with_it(shop: Shop) -> None:
    await people.owner(IRIS)
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(seats=1), by=None)
    maya = (await people.customer(MAYA, name="Maya")).id
    await membership_periods.start(
        maya, plan_id=plan.id, source="term", source_id=ids.new(), starts_at=clock.now(), ends_at=clock.now() + DAY
    )
    await invite(shop)
    clock.set_everywhere(clock.now() + DAY)
    await settled(shop)
    (gone,) = await texts("seat_ended")
    assert gone.startswith("Annual, which Maya shared with you, has ended.".replace("Annual", plan.name))
    assert await texts("seat_on_hold") == []
    assert await seats.seats_held(await join_members.person(THEO)) is None and await invariants() == []
