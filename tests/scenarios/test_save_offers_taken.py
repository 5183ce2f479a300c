"""What is charged after a save offer was taken instead of cancelling: by page, clock and bank, with every sum told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from components import worker
from components.foundation import clock, database
from components.memberships.keeping_members import save_results
from tests.scenarios.test_plans import charged, sound
from tests.support import join_members
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_save_offers import a_member, shown

HERE, HOUR = "/account/membership", timedelta(hours=1)
CANCELLATION, SMALL = f"{HERE}/cancellation", f"{HERE}/plan/small"
RENEWAL = datetime(2027, 4, 1, 12, tzinfo=UTC)
MAY, JUNE, JULY = (datetime(2027, month, 1, 14, tzinfo=UTC) for month in (5, 6, 7))


async def on(shop: Shop, *instants: datetime) -> Browser:
    """Time goes on, and what is due by then is done; the worker is there at these instants only."""
    for at in instants:
        clock.set_everywhere(at)
        await shop.catch_up()
        await worker.TASKS["apply_plan_changes"]()
        await shop.catch_up()
    return await shop.signed_in(join_members.MAYA)


async def texts(template: str) -> list[str]:
    rows = await database.fetch_values("SELECT text FROM email WHERE template = $1 ORDER BY id", template)
    return [" ".join(text.split()) for text in rows]


async def discount_taken(maya: Browser, subscription: UUID) -> None:
    await maya.get(CANCELLATION)
    offer = (await shown(subscription))["discount"].id
    taken = await maya.post(f"{CANCELLATION}/offers/{offer}", {})
    assert "Your membership goes on, with 20% off your next 2 payments." in taken.alerts()


async def net_paid() -> list[int]:
    """Of each period, in the order of time."""
    refunds = await database.fetch("SELECT payment_intent, sum(amount)::int AS back FROM mirrored_refund GROUP BY 1")
    back = {row["payment_intent"]: row["back"] for row in refunds}
    paid = await database.fetch("SELECT amount_paid, payment_intent FROM mirrored_invoice ORDER BY created_at")
    return [row["amount_paid"] - back.get(row["payment_intent"], 0) for row in paid]


async def test_the_smaller_plan_costs_what_the_offer_said_from_the_renewal_on(shop: Shop) -> None:
    maya, _, _ = await a_member(shop)
    page = await maya.get(CANCELLATION)
    assert "Change to Small: £4.00 a month instead of £9.00." in page.words and SMALL in page.links()
    asked = await maya.get(SMALL)
    assert "nothing is charged and nothing is refunded" in asked.words and "Today £0.00" in asked.words
    assert "From 1 April 2027 £4.00 a month, instead of £9.00 a month" in asked.words
    after = await maya.submit(asked, SMALL)
    assert "You’ll move to Small on 1 April 2027." in after.alerts()
    assert "Next charge £4.00 on 1 April 2027" in after.words and "Price £9.00 a month" in after.words
    await shop.catch_up()
    (told,) = [one for one in await save_results.by_offer() if (one.reason, one.kind) == ("price", "downgrade")]
    assert (told.shown, told.accepted) == (1, 1)
    maya = await on(shop, RENEWAL - 12 * HOUR, RENEWAL + 2 * HOUR)
    page = await maya.get(HERE)
    assert "Next charge £4.00 on 1 May 2027" in page.words and "Price £4.00 a month" in page.words
    await on(shop, MAY)
    assert await charged() == [900, 400, 400] and await net_paid() == [900, 400, 400]
    first, second = await texts("payment_receipt")
    assert "Small: £4.00" in first and "Paid on 1 April 2027: £4.00" in first and "Paid on 1 May 2027: £4.00" in second
    (changed,) = await texts("plan_changed")
    assert "£4.00" in changed
    assert await sound() == []


async def test_the_discount_is_off_the_next_two_payments_and_no_more(shop: Shop) -> None:
    maya, _, subscription = await a_member(shop)
    await discount_taken(maya, subscription)
    page = await maya.get(HERE)
    assert "Next charge £7.20 on 1 April 2027 Price £9.00 a month" in page.words
    assert "Discount 20% off your next 2 payments" in page.words
    await shop.catch_up()
    (told,) = await texts("fee_discount")
    assert "20% off your next 2 payments. Your next payment is £7.20, on 1 April 2027." in told
    for at, sums, coming in (
        (RENEWAL + 2 * HOUR, [900, 720], "Next charge £7.20 on 1 May 2027"),
        (MAY, [900, 720, 720], "Next charge £9.00 on 1 June 2027"),
        (JUNE, [900, 720, 720, 900], "Next charge £9.00 on 1 July 2027"),
    ):
        maya = await on(shop, at)
        assert await charged() == sums and coming in (await maya.get(HERE)).words
    receipts = await texts("payment_receipt")
    assert ["Discount 20%: −£1.80" in one for one in receipts] == [True, True, False]
    assert "Paid on 1 April 2027: £7.20" in receipts[0] and "Paid on 1 June 2027: £9.00" in receipts[2]
    assert (
        "has ended" in (await texts("fee_discount"))[1] and "£9.00, on 1 June 2027" in (await texts("fee_discount"))[1]
    )
    assert await sound() == []


async def test_the_discount_goes_on_with_the_smaller_plan_and_cancelled_all_the_same_nothing_is_charged(
    shop: Shop,
) -> None:
    maya, _, subscription = await a_member(shop)
    await discount_taken(maya, subscription)
    asked = await maya.get(SMALL)
    assert "With your discount £3.20, with 20% off your next 2 payments" in asked.words
    after = await maya.submit(asked, SMALL)
    assert "Next charge £3.20 on 1 April 2027" in after.words
    maya = await on(shop, RENEWAL - 12 * HOUR, RENEWAL + 2 * HOUR)
    assert await net_paid() == [900, 320] and "Next charge £3.20 on 1 May 2027" in (await maya.get(HERE)).words
    done = await maya.submit(await maya.get(CANCELLATION), CANCELLATION, reason="price")
    assert "You keep your benefits until 1 May 2027. You won’t be charged again." in done.alerts()
    await on(shop, MAY, JUNE)
    assert await charged() == [900, 320] and await sound() == []


async def test_made_late_the_smaller_plan_costs_its_discounted_fee_too(shop: Shop) -> None:
    """The worker was away when the renewal came: it was billed at £7.20, and £3.20 had been agreed."""
    maya, _, subscription = await a_member(shop)
    await discount_taken(maya, subscription)
    await maya.submit(await maya.get(SMALL), SMALL)
    maya = await on(shop, RENEWAL + 2 * HOUR, RENEWAL + 4 * HOUR)
    assert await charged() == [900, 720] and await net_paid() == [900, 320]
    assert "£7.20 £4.00 refunded" in (await maya.get(HERE)).words
    (told,) = await texts("renewal_given_back")
    assert "£4.00" in told and await sound() == []
