"""What is e-mailed about a pause, an end and a first payment: every sentence, date and sum."""

from datetime import timedelta

import pytest

from components.foundation import clock, database, ids
from components.memberships import reactions as memberships
from components.memberships.billing import cancellations, pauses
from components.memberships.billing.states import pause_schedule
from components.memberships.entitlements import membership_periods
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging.emails import pause_emails
from tests.scenarios.test_pauses import DAY, HOUR, joined, monthly
from tests.support import join_members, people
from tests.support.shops import Shop

pytestmark = pytest.mark.usefixtures("german_twins")

FOOT = "-- Kiln http://shop.test You're receiving this e-mail because you "
LINK = "http://shop.test/account/membership "
PAYS, WAS = f"{FOOT}have a paid membership at Kiln.", f"{FOOT}were a member at Kiln."


async def emailed(template: str) -> list[str]:
    """Subject and words of each, in one line."""
    sql = "SELECT subject, text FROM email WHERE template = $1 ORDER BY created_at, id"
    rows = await database.fetch(sql, template)
    return [f"{row['subject']}: {' '.join(row['text'].split())}" for row in rows]


async def until(shop: Shop, days: float) -> None:
    clock.set_everywhere(clock.now() + timedelta(days=days))
    await pause_schedule.end_due()
    await shop.catch_up()
    await memberships.announce_ended()
    await shop.catch_up()


async def test_a_pause_that_is_planned_and_one_that_is_dropped_are_told_at_once(shop: Shop) -> None:
    await join_members.joins(shop, await monthly())
    begins = clock.now() + 9 * DAY
    await pauses.start(await joined(), from_at=begins, until=begins + 30 * DAY)
    await shop.catch_up()
    assert await emailed("pause_planned") == [
        "Your pause is planned from 10 March 2027: Monthly pauses on 10 March 2027, until 9 April 2027. Until then you "
        "keep your benefits; during the pause benefits are off and you won't be charged. You don't lose any time "
        "you've paid for: your next charge comes on 1 May 2027. You can drop the pause at any time before it begins. "
        f"We'll e-mail you when it begins and before it ends. Your membership: {LINK}{PAYS}"
    ]
    await pauses.end(await joined())
    await shop.catch_up()
    assert await emailed("pause_dropped") == [
        "Your membership won’t be paused: The pause of Monthly that you planned from 10 March 2027 until 9 April 2027 "
        f"is dropped. You keep your benefits. Your next charge comes on 1 April 2027. Your membership: {LINK}{PAYS}"
    ]
    await pauses.start(await joined(), from_at=begins, until=begins + 61 * DAY)
    await shop.catch_up()
    await cancellations.schedule(await joined())
    await shop.catch_up()
    assert (len(await emailed("pause_planned")), len(await emailed("pause_dropped"))) == (2, 1)
    assert len(await emailed("cancellation_receipt")) == 1 and await emailed("pause_begun") == []


async def test_a_pause_that_cancelling_drops_promises_no_charge(shop: Shop) -> None:
    """A worker may look between the pause and the cancellation, which are two calls to Stripe."""
    await join_members.joins(shop, await monthly())
    await pauses.start(await joined(), from_at=clock.now() + 9 * DAY, until=clock.now() + 39 * DAY)
    await shop.catch_up()
    await Subscription.update({Subscription.cancel_reason: ""}).where(Subscription.id == await joined())
    await pauses.end(await joined())
    await shop.catch_up()
    assert await emailed("pause_dropped") == []


ENDINGS = {
    "within paid time": (
        10,
        "That costs nothing: you still have time you've paid for. Your next charge is £4.50 on 1 May 2027. Not the "
        f"right time? You can cancel before the pause ends: {LINK}{PAYS}",
    ),
    "after it": (
        31,
        "A new period starts that day, and £4.50 is charged to your card. Not the right time? You can cancel before "
        f"the pause ends: {LINK}{PAYS}",
    ),
    "cancelled": (
        10,
        "After that you have the time you've paid for, until 1 May 2027, when your membership ends. You won't be "
        f"charged again. Changed your mind? You can keep your membership: {LINK}{PAYS}",
    ),
}


@pytest.mark.parametrize("ending", list(ENDINGS))
async def test_a_pause_that_ends_soon_names_the_day_and_the_sum(shop: Shop, ending: str) -> None:
    await join_members.joins(shop, await monthly())
    starts_in, words = ENDINGS[ending]
    begins = clock.now() + starts_in * DAY
    back = f"{begins + 30 * DAY:%-d %B %Y}"
    await pauses.start(await joined(), from_at=begins, until=begins + 30 * DAY)
    await until(shop, starts_in + 0.1)
    if ending == "cancelled":
        await cancellations.schedule(await joined())
        await shop.catch_up()
    clock.set_everywhere(begins + 27 * DAY + HOUR)
    for _ in range(2):
        await pause_emails.send_pause_notices()
    assert await emailed("pause_ending") == [
        f"Your membership is back on {back}: Monthly is paused until {back}. "
        f"From then on your benefits are back. {words}"
    ]


WHY = {
    "gift": "Your gift membership is over.",
    "term": "You paid for it once, so nothing more is charged.",
    "comp": "Your complimentary membership is over.",
    "earned": "It was earned by shopping, and the spending it depends on is too long ago.",
}


async def test_what_nobody_is_billed_for_is_told_when_it_is_over_and_why(shop: Shop) -> None:
    plan = await monthly()
    for source in WHY:
        person = (await people.customer(f"{source}@kiln.test", name=source)).id
        if source == "comp":
            by = (await people.owner()).id
            await complimentary.grant(person, plan, until=clock.now() + 30 * DAY, by=by)
        else:
            ends_at = clock.now() + 30 * DAY
            await membership_periods.start(
                person, plan_id=plan.id, source=source, source_id=ids.new(), starts_at=clock.now(), ends_at=ends_at
            )
    await shop.catch_up()
    await until(shop, 29.9)
    assert await emailed("membership_ended") == []
    await until(shop, 0.2)
    assert sorted(await emailed("membership_ended")) == sorted(
        f"Your membership has ended: Monthly ended on 31 March 2027. {why} Your orders and savings stay in your "
        f"account, and you can join again whenever you like: {LINK}{WAS}"
        for why in WHY.values()
    )


async def test_a_welcome_names_what_was_paid_on_joining(shop: Shop) -> None:
    await join_members.joins(shop, await monthly())
    (text,) = await emailed("membership_started")
    assert (
        "Monthly, £4.50 a month. Your prices and benefits apply automatically from now on. We've received your" in text
    )
    assert "payment of £4.50 for this membership." in text and "It renews on 1 April 2027." in text
    assert plan_catalogue.by_slug("monthly").price.amount == 450


RESUMED = {
    "by the member": "You weren't charged for this: you still have time you've paid for. Your next charge comes on "
    "8 April 2027.",
    "by staff": "You weren't charged for this: you still have time you've paid for. Your next charge comes on "
    "8 April 2027.",
    "cancelled": "You weren't charged for this: you still have time you've paid for. Your membership is cancelled: it "
    "ends on 8 April 2027, and you won't be charged again.",
    "after paid time": "A new period has started and has been charged to your card. You'll get a receipt for it. Your "
    "next charge comes on 8 May 2027.",
}


@pytest.mark.parametrize("how", list(RESUMED))
async def test_a_pause_that_ends_early_is_told_to_the_member_whoever_ended_it(shop: Shop, how: str) -> None:
    await join_members.joins(shop, await monthly())
    begins = clock.now() + (31 if how == "after paid time" else 10) * DAY
    await pauses.start(await joined(), from_at=begins, until=begins + 61 * DAY)
    await until(shop, (begins - clock.now()) / DAY + 0.1)
    if how == "cancelled":
        await cancellations.schedule(await joined())
    clock.set_everywhere(begins + 7 * DAY)
    await pauses.end(await joined(), by=(await people.owner()).id if how == "by staff" else None)
    await shop.catch_up()
    await pause_schedule.end_due()
    await shop.catch_up()
    ended = f"{begins + 61 * DAY:%-d %B %Y}"
    assert await emailed("membership_resumed") == [
        f"Your membership is back: The pause of Monthly, which was planned until {ended}, has ended. Your benefits "
        f"are back. {RESUMED[how]} Your membership: {LINK}{PAYS}"
    ]
    assert len(await emailed("payment_receipt")) == (how == "after paid time")


async def test_a_pause_that_ends_on_its_day_is_told_before_it_only(shop: Shop) -> None:
    await join_members.joins(shop, await monthly())
    await pauses.start(await joined(), until=clock.now() + 31 * DAY)
    await until(shop, 0.1)
    await until(shop, 31)
    assert len(await emailed("pause_begun")) == 1 and await emailed("membership_resumed") == []
