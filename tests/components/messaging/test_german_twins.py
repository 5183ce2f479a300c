"""What an e-mail has no use for isn't given to it: else its German text counts as saying too little and isn't used."""

from datetime import timedelta

import pytest

from components.foundation import clock, database, ids
from components.memberships.billing import cancellations, fee_refunds, pauses
from components.messaging.emails import pause_emails
from tests.components.messaging.test_state_emails import DAY, HOUR
from tests.scenarios.test_owing import RENEWAL, failing
from tests.scenarios.test_owing import until as days_go_by
from tests.scenarios.test_pauses import joined, monthly, until
from tests.support import join_members, people
from tests.support.shops import Shop

pytestmark = pytest.mark.usefixtures("german_twins")


async def count(template: str) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM email WHERE template = $1", template))


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_a_pause_from_the_end_of_the_paid_time_on(shop: Shop, is_cancelled: bool) -> None:
    await join_members.joins(shop, await monthly())
    paid_until = (await join_members.subscription())["current_period_end"]
    begins = clock.now() + 2 * DAY if is_cancelled else paid_until
    await pauses.start(await joined(), from_at=begins, until=begins + 30 * DAY)  # type: ignore[operator]
    await shop.catch_up()
    await until(shop, begins + HOUR)  # type: ignore[operator]
    if is_cancelled:
        await cancellations.schedule(await joined())
        await shop.catch_up()
    clock.set_everywhere(begins + 28 * DAY)  # type: ignore[operator]
    await pause_emails.send_pause_notices()
    assert (await count("pause_planned"), await count("pause_begun"), await count("pause_ending")) == (1, 1, 1)


async def test_a_payment_that_fails_again_after_the_grace(shop: Shop) -> None:
    shop.stand_in.retry_renewals(schedule="two months", then="unpaid")
    await failing(shop)
    await days_go_by(shop, RENEWAL + timedelta(days=40))
    off = "SELECT count(*) FROM email WHERE template = 'payment_failed' AND text LIKE '%benefits are off%'"
    assert await database.fetch_value(off) > 0


async def test_a_fee_of_a_cancelled_membership_that_is_refunded_and_ends(shop: Shop) -> None:
    await join_members.joins(shop, await monthly())
    iris = await people.owner()
    await cancellations.schedule(await joined())
    await shop.catch_up()
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    how = {"reason": "Sorry", "ends_now": True, "by": iris.id, "key": ids.new()}
    made = await fee_refunds.create(await joined(), str(invoice), 450, **how)  # type: ignore[arg-type]
    await fee_refunds.send(made.id)
    await shop.catch_up()
    assert await count("fee_refunded") == 1
