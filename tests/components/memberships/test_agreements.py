"""Terms paid once, gifts, seats, price moves and what is earned: each exact, however many hands are at it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.foundation import clock, database, ids, intervals
from components.insights import invariants as insights_invariants
from components.memberships.billing import cancellations, price_migrations, subscription_start, subscriptions
from components.memberships.editing import plans
from components.memberships.entitlements import entitlements, membership_periods
from components.memberships.grants import (
    complimentary,
    gift_codes,
    gift_memberships,
    paid_once_refunds,
    prepaid_periods,
    seats,
    spend_qualification,
)
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.grants.spend_qualification import Spent, earned_until
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import GiftMembership, Seat
from components.payments import invariants as payment_invariants
from components.payments import payment_refunds
from components.payments.values import Payer
from tests.support import join_members, make_plans, people, refunding
from tests.support.pages import Browser
from tests.support.shops import Shop

DAY = timedelta(days=1)


async def is_member(person: UUID, at: datetime | None = None) -> bool:
    """And so has the member price, or is none and has not."""
    standing = await entitlements.for_person(person, at)
    assert bool(standing.price_context.rules) == standing.is_member
    return standing.is_member


async def count(table: str, where: str = "true") -> int:
    return int(await database.fetch_value(f"SELECT count(*) FROM {table} WHERE {where}"))


async def sound() -> list[str]:
    return [*await invariants(), *await payment_invariants.invariants(), *await insights_invariants.invariants()]


async def giftable() -> PlanView:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(is_giftable=True, seats=2), by=None)
    return plan_catalogue.by_slug("annual")


async def bought(shop: Shop, plan: PlanView, *, send_at: datetime | None = None) -> GiftMembership:
    giver = await people.customer("noor@kiln.test")
    wrapping = GiftDetails(
        giver_name="Noor", recipient_name="Maya", recipient_email="maya@kiln.test", message="For you",
        send_at=send_at or clock.now(),
    )  # fmt: skip
    payer = Payer(giver.id, giver.email, "Noor")
    url = await gift_memberships.buy(payer, plan, wrapping, success_path="/gifts/bought", cancel_path="/gifts")
    await shop.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0])
    await shop.catch_up()
    return (await gift_memberships.bought_by(giver.id))[0]


async def test_one_gift_code_under_fifty_hands_is_redeemed_once(shop: Shop) -> None:
    gift = await bought(shop, await giftable())
    hands = [ids.new() for _ in range(50)]
    made = await asyncio.gather(
        *(gift_memberships.redeem(gift_codes.code_of(gift), person_id=one) for one in hands), return_exceptions=True
    )
    assert sum(not isinstance(one, Exception) for one in made) == 1
    assert sum(isinstance(one, gift_memberships.RedeemedAlready) for one in made) == 49
    assert await count("membership", "source = 'gift'") == 1
    assert await sound() == []


async def test_a_gift_is_sent_on_its_day_once_and_lasts_its_term_from_redemption(shop: Shop, at: datetime) -> None:
    gift = await bought(shop, await giftable(), send_at=at + 10 * DAY)
    assert await count("email", "template = 'gift'") == 0 and await count("email", "template = 'gift_receipt'") == 1
    clock.set_everywhere(at + 10 * DAY)
    await gift_memberships.send_due()
    await gift_memberships.send_due()
    await shop.catch_up()
    assert await count("email", "template = 'gift'") == 1
    text = await people.letter("gift")
    assert gift_codes.code_of(gift) in text and "For you" in text
    clock.set_everywhere(at + 40 * DAY)
    maya = (await people.customer("maya@kiln.test")).id
    begun = await gift_memberships.redeem(gift_codes.code_of(gift).lower().replace("-", " "), person_id=maya)
    assert begun is not None and begun.ends_at == (at + 40 * DAY).replace(year=2028)
    assert await is_member(maya) and not await is_member(maya, begun.ends_at)
    await refunding.refund_gift(gift.id, by=people.NOBODY)
    await shop.catch_up()
    assert await is_member(maya), "unless staff end it with the refund"
    assert await sound() == []


async def test_a_gift_waits_for_a_membership_that_has_no_end_and_begins_when_it_ends(shop: Shop, at: datetime) -> None:
    plan = await giftable()
    gift = await bought(shop, plan)
    await join_members.joins(shop, await make_plans.club(price=400, interval="month", slug="monthly"))
    maya = await join_members.person()
    assert await gift_memberships.redeem(gift_codes.code_of(gift), person_id=maya) is None
    running = await subscriptions.running(maya)
    assert running is not None
    await cancellations.schedule(running.id)
    await join_members.until(shop, datetime(2027, 4, 1, 13, tzinfo=UTC))
    while await membership_periods.announce_ended():
        pass
    await shop.catch_up()
    standing = await entitlements.for_person(maya)
    assert [(one.source, one.from_at) for one in standing.plans] == [("gift", clock.now())]
    assert await sound() == []


async def test_a_gift_is_queued_after_what_ends_on_a_known_day(shop: Shop, at: datetime) -> None:
    plan = await giftable()
    gift = await bought(shop, plan)
    maya = (await people.customer("maya@kiln.test")).id
    await complimentary.grant(maya, plan, until=at + 30 * DAY, by=people.NOBODY)
    begun = await gift_memberships.redeem(gift_codes.code_of(gift), person_id=maya)
    assert begun is not None and begun.starts_at == at + 30 * DAY


async def test_a_gift_given_back_opens_nothing_and_its_money_returns(shop: Shop) -> None:
    gift = await bought(shop, await giftable())
    await refunding.refund_gift(gift.id, by=people.NOBODY)
    with pytest.raises(paid_once_refunds.RefundedInWhole):
        await refunding.refund_gift(gift.id, by=people.NOBODY)
    with pytest.raises(gift_memberships.GiftRefunded):
        await gift_memberships.redeem(gift_codes.code_of(gift), person_id=ids.new())
    refunds = await payment_refunds.of_reference(gift.id)
    assert [one.amount for one in refunds] == [3900]
    assert await sound() == []


async def test_a_gift_that_is_not_paid_opens_nothing(shop: Shop) -> None:
    plan, giver = await giftable(), await people.customer("noor@kiln.test")
    wrapping = GiftDetails(
        giver_name="N", recipient_name="M", recipient_email="m@kiln.test", message="", send_at=clock.now()
    )
    await gift_memberships.buy(Payer(giver.id, giver.email), plan, wrapping, success_path="/a", cancel_path="/b")
    gift_id = await database.fetch_value("SELECT id FROM gift_membership")
    code = gift_codes.code_of(await gift_memberships.by_id(gift_id))
    with pytest.raises(gift_memberships.UnknownCode):
        await gift_memberships.redeem(code, person_id=ids.new())
    with pytest.raises(gift_memberships.SendDateTooLate):
        late = GiftDetails(
            giver_name="N", recipient_name="M", recipient_email="m@kiln.test", message="",
            send_at=clock.now() - 3 * DAY,
        )  # fmt: skip
        await gift_memberships.buy(Payer(giver.id, giver.email), plan, late, success_path="/a", cancel_path="/b")


async def payer_with_seats(shop: Shop) -> tuple[Browser, UUID]:
    browser = await join_members.joins(shop, await giftable())
    return browser, await join_members.person()


async def test_seats_are_exact_under_many_offers_and_many_takers(shop: Shop) -> None:
    _, payer = await payer_with_seats(shop)
    offers_made = await asyncio.gather(
        *(seats.invite(payer, email=f"friend{n}@kiln.test", own_email=join_members.MAYA) for n in range(10)),
        return_exceptions=True,
    )
    made = [one for one in offers_made if isinstance(one, Seat)]
    assert len(made) == 2 and sum(isinstance(one, seats.AllTaken) for one in offers_made) == 8
    takers = [ids.new() for _ in range(20)]
    taken = await asyncio.gather(
        *(seats.accept(made[0].id, seats.token(made[0].id), holder=one) for one in takers), return_exceptions=True
    )
    assert sum(not isinstance(one, Exception) for one in taken) == 1
    assert await count("membership", "source = 'seat'") == 1
    assert await sound() == []


async def test_a_seat_opens_everything_to_its_holder_and_ends_with_the_payers_membership(shop: Shop) -> None:
    _, payer = await payer_with_seats(shop)
    friend = (await people.customer("friend@kiln.test")).id
    seat = await seats.invite(payer, email="friend@kiln.test", own_email=join_members.MAYA)
    await seats.accept(seat.id, seats.token(seat.id), holder=friend)
    standing = await entitlements.for_person(friend)
    assert standing.is_member and len(standing.entitlements) == 5
    row = await database.fetch_one("SELECT DISTINCT person, because_of FROM entitlement WHERE person = $1", friend)
    assert row == {"person": friend, "because_of": "seat"}
    running = await subscriptions.running(payer)
    assert running is not None and running.current_period_end is not None
    ended = await cancellations.schedule(running.id)
    assert await is_member(friend, ended.cancel_at - DAY) and not await is_member(friend, ended.cancel_at)
    await cancellations.withdraw(running.id)
    assert await is_member(friend, ended.cancel_at + DAY)
    await seats.revoke(seat.id, payer=payer)
    assert not await is_member(friend, clock.now() + DAY)
    with pytest.raises(seats.SeatGone):
        await seats.accept(seat.id, seats.token(seat.id), holder=friend)
    assert await sound() == []


async def test_a_term_is_paid_once_and_ends_and_one_for_life_does_not(shop: Shop, at: datetime) -> None:
    half = await plans.create(
        slug="half",
        name="Half a year",
        summary="",
        price=2000,
        interval="month",
        interval_count=6,
        is_once=True,
        by=None,
    )
    life = await plans.create(
        slug="life", name="For life", summary="", price=30000, interval="life", is_once=True, by=None
    )
    assert half and life
    assert plan_catalogue.by_slug("half").price_words == "£20.00 once, for 6 months"
    maya = await people.customer(join_members.MAYA)
    for slug in ("half", "half", "life"):
        plan = plan_catalogue.by_slug(slug)
        payer = Payer(maya.id, maya.email)
        url = await subscription_start.start(
            payer, plan, success_path="/account/membership/welcome", cancel_path="/join"
        )
        await shop.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0])
        await shop.catch_up()
    rows = await database.fetch("SELECT starts_at, ends_at FROM membership ORDER BY starts_at")
    second, third = datetime(2027, 9, 1, 11, tzinfo=UTC), datetime(2028, 3, 1, 12, tzinfo=UTC)
    assert [(row["starts_at"], row["ends_at"]) for row in rows] == [(at, second), (second, third), (third, None)]
    assert await count("mirrored_payment", "status = 'succeeded'") == 3
    page = await (await shop.signed_in(join_members.MAYA)).get("/account/membership")
    for paid in ("Half a year, £20.00 once, for 6 months — £20.00", "For life, £300.00 once, for life — £300.00"):
        assert paid in page.words, page.words
    await join_members.until(shop, third)
    assert await count("mirrored_payment") == 3
    assert await sound() == []


async def test_the_welcome_to_a_membership_for_life_says_that_it_never_renews(shop: Shop) -> None:
    life = await plans.create(
        slug="life", name="For life", summary="", price=30000, interval="life", is_once=True, by=None
    )
    assert life
    await join_members.joins(shop, plan_catalogue.by_slug("life"))
    text = await people.letter("membership_started")
    assert "£300.00" in text and "It's for life: it doesn't renew, and you won't be charged again." in text


async def test_members_move_to_the_new_price_at_a_renewal_after_the_day_and_after_a_letter(
    shop: Shop, at: datetime
) -> None:
    plan = await make_plans.club(price=400, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    await plans.revise(plan.id, price=500, by=None)
    groups = await price_migrations.price_groups(plan_catalogue.by_slug("monthly"))
    assert [(one.count, one.more.amount, one.is_movable) for one in groups] == [(1, 100, True)]
    from_at = datetime(2027, 4, 10, tzinfo=UTC)
    await price_migrations.schedule(plan_catalogue.by_slug("monthly"), from_at=from_at, notice_days=14, by=None)
    for day in (1, 12, 31, 46, 60, 61, 62, 91, 92, 93):
        await join_members.until(shop, at + day * DAY - timedelta(hours=2))
        await price_migrations.run_due()
        await price_migrations.run_due()
        await shop.catch_up()
    amounts = await database.fetch("SELECT amount FROM paid_period ORDER BY starts_at")
    assert [row["amount"] for row in amounts] == [400, 400, 500, 500]
    assert await count("email", "template = 'price_moves'") == 1
    text = await database.fetch_value("SELECT text FROM email WHERE template = 'price_moves'")
    assert "Until 1 May 2027: £4.00 a month" in text and "From 1 May 2027: £5.00 a month" in text
    assert await count("email", "template = 'plan_changed'") == 0, "it is the same plan, and they have been told"
    assert await sound() == []


async def test_a_price_move_is_over_with_its_last_member_and_never_takes_newcomers_back(
    shop: Shop, at: datetime
) -> None:
    plan = await make_plans.club(price=400, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    await plans.revise(plan.id, price=500, by=None)
    from_at = datetime(2027, 4, 10, tzinfo=UTC)
    await price_migrations.schedule(plan_catalogue.by_slug("monthly"), from_at=from_at, notice_days=14, by=None)
    for day in (46, 60, 61, 62):
        await join_members.until(shop, at + day * DAY - timedelta(hours=2))
        await price_migrations.run_due()
        await shop.catch_up()
    assert await price_migrations.running_migrations(plan.id) is None
    await plans.revise(plan.id, price=600, by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"), email="noor@kiln.test")
    again = await price_migrations.schedule(
        plan_catalogue.by_slug("monthly"), from_at=clock.now() + DAY, notice_days=14, by=None
    )  # fmt: skip
    await plans.revise(plan.id, price=700, by=None)
    assert await price_migrations.running_migrations(plan.id) is None
    await database.execute("UPDATE price_migration SET stopped_at = NULL WHERE id = $1", again.id)
    for day in (80, 92, 93, 95):
        await join_members.until(shop, at + day * DAY - timedelta(hours=2))
        await price_migrations.run_due()
        await shop.catch_up()
    assert await price_migrations.running_migrations(plan.id) is None
    assert await count("price_move") == 1
    amounts = await database.fetch("SELECT DISTINCT amount FROM paid_period ORDER BY amount")
    assert [row["amount"] for row in amounts] == [400, 500, 600]


async def test_somebody_who_joins_at_a_newer_price_is_not_told_of_an_older_one(shop: Shop, at: datetime) -> None:
    plan = await make_plans.club(price=400, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    await plans.revise(plan.id, price=500, by=None)
    day = clock.now() + DAY
    move = await price_migrations.schedule(plan_catalogue.by_slug("monthly"), from_at=day, notice_days=14, by=None)
    clock.set_everywhere(at + timedelta(hours=1))
    await plans.revise(plan.id, price=600, by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"), email="noor@kiln.test")
    await database.execute("UPDATE price_migration SET stopped_at = NULL")
    await join_members.until(shop, at + 12 * DAY)
    await price_migrations._tell(move)
    told = await database.fetch("SELECT s.payer FROM price_move m JOIN subscription s ON s.id = m.subscription")
    assert [row["payer"] for row in told] == [await join_members.person()]


async def test_whoever_leaves_or_joins_by_another_period_is_not_moved(shop: Shop) -> None:
    plan = await make_plans.club(price=400, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    await plans.revise(plan.id, price=4000, interval="year", by=None)
    with pytest.raises(price_migrations.DifferentInterval):
        await price_migrations.schedule(
            plan_catalogue.by_slug("monthly"), from_at=clock.now() + DAY, notice_days=14, by=None
        )
    with pytest.raises(price_migrations.DayTooSoon):
        await price_migrations.schedule(plan_catalogue.by_slug("monthly"), from_at=clock.now(), notice_days=14, by=None)
    with pytest.raises(price_migrations.BadNotice):
        await price_migrations.schedule(
            plan_catalogue.by_slug("monthly"), from_at=clock.now() + DAY, notice_days=1, by=None
        )


def spending(*spent: Spent) -> Callable[[UUID], Awaitable[tuple[Spent, ...]]]:
    async def read(_person_id: UUID) -> tuple[Spent, ...]:
        return spent

    return read


async def test_spending_earns_a_plan_for_as_long_as_it_is_enough(shop: Shop, at: datetime) -> None:
    plan, maya = await make_plans.club(), (await people.customer(join_members.MAYA)).id
    await spend_qualification.add(plan, threshold=20000, months=12, by=None)
    await spend_qualification.update_person(maya, spending(Spent(at - 60 * DAY, 15000)))
    assert not await is_member(maya)
    spent = [Spent(at - 60 * DAY, 15000), Spent(at, 6000)]
    for _ in range(3):
        await spend_qualification.update_person(maya, spending(*spent))
    until = datetime(2027, 12, 31, 12, tzinfo=UTC)
    assert await is_member(maya, until - DAY) and not await is_member(maya, until)
    assert await count("membership", "source = 'earned'") == 1
    await spend_qualification.update_person(maya, spending(*spent, Spent(at + DAY, 21000)))
    assert await is_member(maya, until + DAY)
    await spend_qualification.update_person(maya, spending(Spent(at - 60 * DAY, 15000), Spent(at, 1000)))
    assert not await is_member(maya, clock.now() + timedelta(seconds=1))
    assert await sound() == []


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 9000)), max_size=12),
    st.integers(1, 20000),
    st.integers(1, 24),
)
def test_what_is_earned_lasts_exactly_as_long_as_the_sum_is_enough(
    orders: list[tuple[int, int]], threshold: int, months: int
) -> None:
    """Held against counting: at an instant, the orders not yet `months` old sum up to enough, or do not."""
    at = datetime(2027, 3, 1, 12, tzinfo=UTC)
    spent = [Spent(at - days * DAY, amount) for days, amount in orders]

    def counts(instant: datetime) -> bool:
        return sum(one.amount for one in spent if one.at + intervals.of("month", months) > instant) >= threshold

    until = earned_until(spent, threshold=threshold, months=months, at=at)
    assert (until is not None) == counts(at)
    if until is not None:
        assert counts(until - timedelta(microseconds=1)) and not counts(until)


@pytest.mark.parametrize(
    ("begins", "ends"), [("2027-07-01T00:30+01:00", "2027-08-01"), ("2027-10-15T00:30+01:00", "2027-11-15")]
)
async def test_a_month_paid_once_ends_on_the_same_day_of_the_shops_calendar(shop: Shop, begins: str, ends: str) -> None:
    await plans.create(slug="pass", name="Pass", summary="", price=500, interval="month", is_once=True, by=None)
    until = prepaid_periods.ends_at(plan_catalogue.by_slug("pass"), datetime.fromisoformat(begins).astimezone(UTC))
    assert until is not None and str(until.astimezone(ZoneInfo("Europe/London")).date()) == ends
