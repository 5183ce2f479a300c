"""Store credit that a page promised for a renewal: used, however slow the shop is; or the payer is told why not."""

from datetime import datetime, timedelta

import pytest

from components import worker
from components.foundation import clock, database, practice_time
from components.memberships.renewal_credits import renewal_credits
from components.payments.facts import InvoiceDrafted
from tests.scenarios.test_owing import FAILS, GOOD, new_card
from tests.scenarios.test_renewal_credit import (
    FEE,
    at_stripe,
    broken,
    charged,
    drafted,
    hears_only,
    left,
    ready,
    row,
)
from tests.support import join_members
from tests.support.shops import Shop
from tests.support.slow_bank import loses_answers
from web.app import SteppedClock


async def test_the_practice_clock_leaves_a_slow_shop_its_time(shop: Shop) -> None:
    """Minutes of real time go by while the shop answers what one step has brought about."""
    person = await ready(shop, 650, interval="month")
    real = [clock.now()]
    shop.stand_in.follow(lambda: real[0])
    clock.set_everywhere(None)
    clock.use_source(shop.stand_in.now)
    practice_time.use(SteppedClock(shop.stand_in, shop.app))

    async def slowly() -> None:
        real[0] += timedelta(minutes=2)
        await shop.catch_up()

    try:
        shop.stand_in.engine.move(timedelta(days=32))
        target: datetime | None = practice_time.moving_to()
        await practice_time.move(worker.run_scheduled, settle=slowly)
        assert target is not None and practice_time.moving_to() is None
        assert clock.now() == target + timedelta(minutes=4), "once there, it goes on"
    finally:
        practice_time.use(None)
    assert ((await row())["status"], (await at_stripe())["amount_paid"]) == ("spent", FEE - 650)
    assert await left(person) == (0, 0) and await broken() == []


async def receipts() -> list[str]:
    found = await database.fetch_values("SELECT text FROM email WHERE template = 'payment_receipt' ORDER BY created_at")
    return [" ".join(str(text).split()) for text in found]


async def fact_of(invoice: str) -> InvoiceDrafted:
    local = (await join_members.subscription())["id"]
    return InvoiceDrafted(invoice, local, "subscription_cycle")  # type: ignore[arg-type]


async def comes_too_late(shop: Shop, how: str) -> None:
    invoice = await drafted(shop, heard=False)
    if how == "final while it is put on":
        await hears_only(invoice)
        with loses_answers(shop, "/v1/invoiceitems", arrives=False):
            await renewal_credits.use(await fact_of(invoice))
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    shop.stand_in.catch_up()
    await renewal_credits.settle_open()
    await shop.catch_up()
    for _ in range(2):
        await renewal_credits.use(await fact_of(invoice))


async def pays_at_last(shop: Shop) -> None:
    assert (await at_stripe())["status"] == "open" and await receipts() == []
    await new_card(shop, await shop.signed_in(join_members.MAYA), GOOD)
    clock.set_everywhere(clock.now() + timedelta(days=8))
    await shop.catch_up()


@pytest.mark.parametrize("how", ["the news comes late", "final while it is put on", "declined at first"])
async def test_what_could_not_be_used_is_told_and_used_the_next_time(shop: Shop, how: str) -> None:
    person = await ready(shop, 400)
    if how == "declined at first":
        await new_card(shop, await shop.signed_in(join_members.MAYA), FAILS)
    await comes_too_late(shop, how)
    if how == "declined at first":
        await pays_at_last(shop)
    assert ((await at_stripe())["amount_paid"], await left(person)) == (FEE, (400, 0))
    (told,) = await receipts()
    assert "We couldn't use £4.00 of your store credit for this payment: its invoice was already final." in told
    maya = await shop.signed_in(join_members.MAYA)
    page = (await maya.get("/account/membership")).words
    assert "£4.00 store credit wasn’t used: the invoice was already final. It stayed yours." in page
    assert "£4.00 of your store credit will be used" in page
    assert await broken() == []
    await drafted(shop)
    assert ((await charged(shop))["amount_paid"], await left(person)) == (FEE - 400, (0, 0))
    assert "couldn't use" not in (await receipts())[-1] and await broken() == []
