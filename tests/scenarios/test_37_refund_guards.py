"""What no refund of staff may do, asked of each guard by itself: a form that was opened before, a key sent twice, what
is disputed, not paid, somebody else's, too much, or nothing."""

import asyncio
from uuid import UUID

import pytest

from components.foundation import database, ids
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.memberships.billing import fee_refunds
from components.memberships.grants import paid_once_refunds
from components.orders import queries
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import NothingToRefund, NotPaid, RefundRequest, TooManyUnits
from components.payments import disputes, payment_refunds
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_38_term_refunds import with_a_term
from tests.scenarios.test_48_fee_refunds import paid_member
from tests.support import people
from tests.support.shops import Shop

CHARGEBACK = "4000000000000259"


async def order_of(kiln: Kiln, card: str = "") -> UUID:
    """For £27.95; without a card it is not paid."""
    session = await kiln.to_pay(kiln.shop.browser())
    if card:
        await kiln.pay(session, card)
        await kiln.work()
    (order,) = await kiln.orders()
    return UUID(str(order["id"]))


async def counted(what: str) -> int:
    return int(await database.fetch_value(f"SELECT count(*) FROM {what}"))


async def test_37_one_key_is_one_refund_of_an_order_and_one_record(kiln: Kiln) -> None:
    order, key, by = await order_of(kiln, "4242424242424242"), ids.new(), (await people.owner()).id
    for _ in range(2):
        await refunds.create(order, RefundRequest(amount=500), by=by, key=key)
    await asyncio.gather(*(refunds.create(order, RefundRequest(amount=500), by=by, key=key) for _ in range(2)))
    assert await counted("refund") == 1
    assert await counted("audit_entry WHERE what = 'order refunded'") == 1


async def test_37_an_order_that_was_not_paid_nothing_and_more_units_than_were_bought_are_refused(kiln: Kiln) -> None:
    order, by = await order_of(kiln), (await people.owner()).id
    with pytest.raises(NotPaid):
        await refunds.create(order, RefundRequest(amount=500), by=by, key=ids.new())
    await database.execute("UPDATE orders SET paid_at = placed_at")
    found = await queries.by_id(order)
    assert found is not None
    for amount in (0, -500):
        with pytest.raises(NothingToRefund):
            await refunds.create(order, RefundRequest(amount=amount), by=by, key=ids.new())
    too_many = RefundRequest(amount=500, units={found.lines[0].id: found.lines[0].quantity + 1})
    with pytest.raises(TooManyUnits):
        await refunds.create(order, too_many, by=by, key=ids.new())
    assert await counted("refund") == 0


@pytest.mark.parametrize(
    ("status", "refusal"), [("needs_response", disputes.PaymentDisputed), ("lost", disputes.DisputeLost)]
)
async def test_37_nothing_is_sent_of_a_payment_that_is_disputed_by_now(
    kiln: Kiln, status: str, refusal: type[Exception]
) -> None:
    """Asked again when the money is sent: the dispute may have come in between. Jobs send refunds, too."""
    order, by = await order_of(kiln, CHARGEBACK), (await people.owner()).id
    await database.execute("UPDATE mirrored_dispute SET status = $1", status)
    with pytest.raises(refusal):
        await payment_refunds.create(order, Money(500, "GBP"), key=ids.new())
    with pytest.raises(refusal):
        await refunds.create(order, RefundRequest(amount=500), by=by, key=ids.new())
    assert await counted("requested_refund") == 0 and await counted("refund") == 0


async def test_37_a_form_of_a_term_that_was_opened_before_its_dispute_refunds_nothing(shop: Shop) -> None:
    iris = await with_a_term(shop, CHARGEBACK)
    here = f"/staff/paid-once/{await database.fetch_value('SELECT id FROM paid_term')}/refund"
    typed = {"how": "amount", "amount": "9.00", "follows": "keep", "reason": "", "seen": "", "key": str(ids.new())}
    refused = await iris.post(here, typed)
    assert refused.status == 409 and "A refund now would pay it out twice" in refused.words
    assert await counted("paid_once_refund") == 0 and await counted("requested_refund") == 0


async def test_37_a_term_that_was_refunded_in_whole_or_has_ended_says_so(shop: Shop) -> None:
    iris = await with_a_term(shop)
    here = f"/staff/paid-once/{await database.fetch_value('SELECT id FROM paid_term')}/refund"
    typed = {"how": "amount", "amount": "50.00", "follows": "end", "reason": "", "seen": ""}
    await iris.post(here, {**typed, "amount": "20.00", "key": str(ids.new())})
    await shop.catch_up()
    await iris.post(here, {**typed, "amount": "30.00", "key": str(ids.new())})
    rows = await database.fetch_values("SELECT ends_now FROM paid_once_refund ORDER BY amount")
    assert rows == [True, False], "the second finds nothing that could be ended"
    refused = await iris.post(here, {**typed, "amount": "0.01", "key": str(ids.new())})
    assert refused.status == 409 and "Nothing left to refund" in refused.words
    with pytest.raises(paid_once_refunds.RefundedInWhole):
        await paid_once_refunds.create(UUID(here.split("/")[3]), 1, by=ids.new(), key=ids.new())
    assert await counted("paid_once_refund") == 2


async def test_37_what_is_not_paid_or_is_another_subscriptions_is_no_payment(kiln: Kiln) -> None:
    _, _, invoice = await paid_member(kiln)
    subscription = await database.fetch_value("SELECT id FROM subscription")
    assert (await fee_refunds.payment(subscription, invoice)).paid.amount == 3900
    with pytest.raises(NotFound):
        await fee_refunds.payment(ids.new(), invoice)
    await database.execute("UPDATE mirrored_invoice SET status = 'open'")
    with pytest.raises(NotFound):
        await fee_refunds.payment(subscription, invoice)
    with pytest.raises(NotFound):
        await paid_once_refunds.create(ids.new(), 100, by=ids.new(), key=ids.new(), seen="runs")


async def test_48_a_fee_is_refunded_by_whoever_may_only(kiln: Kiln) -> None:
    _, person, invoice = await paid_member(kiln)
    await people.staff(permissions=("members", "orders"))
    sam = await kiln.shop.signed_in("sam@kiln.test")
    here = f"/staff/members/{person}/fees/{invoice}/refunds"
    assert here + "/new" not in (await sam.get(f"/staff/members/{person}")).links()
    assert {(await sam.get(f"{here}/new")).status, (await sam.post(here, {})).status} == {403}
