"""A discount put on a membership in each state that bills, on an invoice that nobody pays, and through a long pause."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.insights import invariants
from components.memberships.billing import pauses
from components.memberships.discounts import discount_upkeep, fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.payments.invoicing import open_invoices
from tests.scenarios import test_owing as owing
from tests.scenarios.conftest import Kiln
from tests.support import join_members
from tests.support.shops import Shop

DAY = timedelta(days=1)
QUARTER = FeeDiscountTerms(percent_bp=2500, payments=1)


async def charged() -> list[int]:
    sql = "SELECT amount_paid FROM mirrored_invoice WHERE status = 'paid' AND total > 0 ORDER BY paid_at"
    return [int(each) for each in await database.fetch_values(sql)]


async def goes_on(shop: Shop, days: int) -> None:
    for _ in range(days):
        await join_members.until(shop, clock.now() + DAY)
    await discount_upkeep.keep_promises()
    await shop.catch_up()


async def sound() -> bool:
    wanted = ("payments", "memberships", "coupons")
    return not [words async for part in invariants.examine() if part.name in wanted for words in part.broken]


async def test_on_one_that_owes_it_is_off_the_next_invoice_and_not_off_what_is_owed(shop: Shop) -> None:
    await owing.failing(shop)
    kept = UUID(str((await join_members.subscription())["id"]))
    await fee_discounts.put(kept, QUARTER, key=ids.new())
    maya = await shop.signed_in(join_members.MAYA)
    await owing.new_card(shop, maya, owing.GOOD)
    assert await charged() == [450, 450]
    await goes_on(shop, 32)
    assert await charged() == [450, 450, 337] and await sound()


async def test_an_invoice_with_it_that_becomes_void_gives_the_payment_back(shop: Shop) -> None:
    """It counts as had as soon as it is billed, so that it isn't had twice; void, it is had with the next payment."""
    browser = await join_members.joins(shop, await owing.make_plans.club(price=450, interval="month", slug="monthly"))
    await owing.new_card(shop, browser, owing.FAILS)
    kept = UUID(str((await join_members.subscription())["id"]))
    await fee_discounts.put(kept, QUARTER, key=ids.new())
    await join_members.until(shop, owing.RENEWAL + 2 * owing.HOUR)
    assert [each.amount.amount for each in [await open_invoices.latest(kept)] if each] == [337]
    (used,) = await fee_discounts.of_subscription(kept)
    assert used.row.why_ended == "used"
    assert (used.used, used.saved.amount) == (1, 0), "nothing is paid yet that it was taken off"
    await open_invoices.void_all(kept)
    await shop.catch_up()
    await discount_upkeep.keep_promises()
    (after,) = await fee_discounts.of_subscription(kept)
    assert (used.used, after.used, after.is_on) == (1, 0, True) and await sound()
    await owing.new_card(shop, await shop.signed_in(join_members.MAYA), owing.GOOD)
    await goes_on(shop, 32)
    assert (await charged())[-1] == 337 and await sound()


@pytest.mark.parametrize(("days", "payments", "wanted"), [(31, 1, [450, 337, 450]), (181, 2, [450, 337, 337])])
async def test_on_a_paused_one_and_through_a_pause_longer_than_its_months(
    kiln: Kiln, days: int, payments: int, wanted: list[int]
) -> None:
    await join_members.joins(kiln.shop, kiln.monthly)
    kept = UUID(str((await join_members.subscription())["id"]))
    if days > 100:
        await fee_discounts.put(kept, FeeDiscountTerms(percent_bp=2500, payments=payments), key=ids.new())
    begins = clock.now() + 5 * DAY
    await pauses.start(kept, from_at=begins, until=begins + days * DAY)
    await goes_on(kiln.shop, 7)
    if days < 100:
        await fee_discounts.put(kept, FeeDiscountTerms(percent_bp=2500, payments=payments), key=ids.new())
    while len(await charged()) < len(wanted):
        await goes_on(kiln.shop, 16)
    assert await charged() == wanted and await sound()
