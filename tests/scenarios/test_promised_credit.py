"""Store credit that a page promised for a renewal: used, however slow the shop is; or the payer is told why not."""

from datetime import datetime, timedelta

from components import worker
from components.foundation import clock, practice_time
from tests.scenarios.test_renewal_credit import FEE, at_stripe, broken, left, ready, row
from tests.support.shops import Shop
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
