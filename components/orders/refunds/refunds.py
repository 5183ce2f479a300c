"""Refunds: decided in one transaction, paid by `payments`, and counted unless they are known to have failed."""

from uuid import UUID

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.database import transaction
from components.foundation.formatting import money
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.ledger import failed_refunds, reservations
from components.orders import flags, queries
from components.orders.completion import ELSEWHERE
from components.orders.facts import OrderRefunded, RefundFailed, RefundNotPaid, RefundRequested
from components.orders.refunds import refund_allocation, restocking
from components.orders.refunds.refund_requests import RefundRequest, refuse_invalid
from components.orders.tables import Order, Refund, RefundLine
from components.orders.views import OrderView
from components.payments import disputes, payment_refunds
from components.payments.facts import RefundMirrored
from components.payments.payment_refusals import MoreThanPaid, NothingPaid, PaymentRefused, check_before
from components.payments.tables import MirroredRefund

SHARED = (
    "%s was refunded in Stripe, of a payment that a membership shared. Stripe doesn’t say what for: %s of it counts as "
    "of this order. Check both."
)
_AT_STRIPE = {"succeeded": "succeeded", "failed": "failed", "cancelled": "failed"}


async def create(
    order_id: UUID, request: RefundRequest, *, by: UUID | None, key: UUID, before: int | None = None
) -> Refund:
    """The refund with this `key`: sending the same form again changes nothing. `before`: see `check_before`.

    Raises `OverRefund`, `TooManyUnits`, `NothingToRefund`, `NotPaid`, `PaymentDisputed`, `DisputeLost`,
    `RefundedMeanwhile`.
    """
    async with transaction():
        await _held(order_id)
        if earlier := await Refund.objects().get((Refund.id == key) & (Refund.order == order_id)):
            return earlier
        order = await queries.by_id(order_id)
        assert order is not None
        check_before(before, order.refunded)
        refuse_invalid(order, request)
        disputes.refuse_refund(await disputes.of_order(order_id))
        refund = await _write(order, request, by=by, key=key)
        await audit.record(
            by, "order refunded", "order", order.number, after={"amount": request.amount, "refund": str(key)}
        )
        await outbox.announce(RefundRequested(refund.id))
    return refund


async def send(refund_id: UUID) -> None:
    """Have the money sent. May be called again: `payments` makes one refund for a key.

    Raises `OutcomeUnknown` and `StripeUnavailable`; the refund is then still requested.
    """
    refund = await Refund.objects().get(Refund.id == refund_id)
    if refund is None or refund.status != "asked":
        return
    order = await Order.objects().get(Order.id == refund.order)
    assert order is not None
    if refund.amount == refund.credit or (order.payment_reference or "").startswith(ELSEWHERE):
        await _settled(order.id, refund_id, "succeeded", None)
        return
    try:
        money = Money(refund.amount - refund.credit, refund.currency)
        mirrored = await payment_refunds.create(order.id, money, key=refund_id)
    except (PaymentRefused, NothingPaid, MoreThanPaid, disputes.PaymentDisputed, disputes.DisputeLost):
        await _settled(order.id, refund_id, "failed", None)
        raise
    await sync(order.id, mirrored)


async def sync_all(order_id: UUID) -> None:
    """Read Stripe's state of every refund of an order, including those made directly at Stripe."""
    for mirrored in await payment_refunds.of_reference(order_id):
        await sync(order_id, mirrored)


async def sync(order_id: UUID, mirrored: MirroredRefund) -> None:
    if not payment_refunds.part_of(mirrored, order_id):
        return
    refund_id = mirrored.key or await _written_for(order_id, mirrored)
    await _settled(order_id, refund_id, _AT_STRIPE.get(mirrored.status, "pending"), mirrored.stripe_id)


async def _settled(order_id: UUID, refund_id: UUID, status: str, stripe_id: str | None) -> None:
    """Store the result of a refund; a success is announced once, and so is a failure after it."""
    async with transaction():
        order = await _held(order_id)
        refund = await Refund.objects().get((Refund.id == refund_id) & (Refund.order == order_id))
        if refund is None or refund.status == status:
            return
        had_succeeded, cause = refund.status == "succeeded", f"refund:{refund_id}"
        refund.status, refund.stripe_id = status, stripe_id
        refund.settled_at = None if status == "pending" else clock.now()
        await refund.save(columns=[Refund.status, Refund.stripe_id, Refund.settled_at])
        if status == "failed":
            await flags.raise_flag(order, f"A refund of {_words(refund)} failed: the money did not move.")
            await outbox.announce(RefundNotPaid(order_id, refund_id))
        if had_succeeded:
            words = f"The refund of order {order.number} did not go through"
            await failed_refunds.spend_again(cause, words=words)
            await outbox.announce(RefundFailed(order_id, refund_id))
        if status == "succeeded":
            words = f"Order {order.number} was refunded"
            await reservations.restore(order_id, amount=refund.credit, cause=cause, words=words)
            await outbox.announce(OrderRefunded(order_id, refund_id, Money(refund.amount, refund.currency)))


def _words(refund: Refund) -> str:
    return money(refund.amount, refund.currency)


async def _write(order: OrderView, request: RefundRequest, *, by: UUID | None, key: UUID) -> Refund:
    refund = Refund(
        id=key, order=order.id, amount=request.amount, credit=refund_allocation.of_credit(order, request.amount),
        currency=order.currency, reason=request.reason, restocks=request.restocks, at=clock.now(), by=by,
    )  # fmt: skip
    await Refund.insert(refund)
    for line in order.lines:
        if not (quantity := request.units.get(line.id, 0)):
            continue
        amount = refund_allocation.of_units(order, line, quantity)
        await RefundLine.insert(RefundLine(id=ids.new(), refund=key, line=line.id, quantity=quantity, amount=amount))
    await restocking.restock(order, request, key=key, by=by)
    return refund


async def _written_for(order_id: UUID, mirrored: MirroredRefund) -> UUID:
    """Our row of a refund that was made directly at Stripe; written when it is first seen."""
    async with transaction():
        order = await _held(order_id)
        if known := await Refund.objects().get(Refund.stripe_id == mirrored.stripe_id):
            return known.id
        refund = Refund(
            id=ids.new(), order=order_id, amount=payment_refunds.part_of(mirrored, order_id), currency=order.currency,
            restocks=False, reason=payment_refunds.MADE_IN_STRIPE, at=mirrored.created_at, by=None,
            stripe_id=mirrored.stripe_id,
        )  # fmt: skip
        await Refund.insert(refund)
        if mirrored.along:
            whole = money(mirrored.amount, mirrored.currency)
            await flags.raise_flag(order, SHARED % (whole, _words(refund)))
        await restocking.restock_whole(order_id)
    return refund.id


async def _held(order_id: UUID) -> Order:
    order = await database.locked(Order, Order.id == order_id)
    if order is None:
        raise NotFound("We could not find this order.")
    return order


async def send_asked(fact: RefundRequested) -> None:
    """A refusal has been recorded by then and is not tried again."""
    try:
        await send(fact.refund_id)
    except (PaymentRefused, NothingPaid, MoreThanPaid, disputes.PaymentDisputed, disputes.DisputeLost):
        return


async def apply_mirrored(fact: RefundMirrored) -> None:
    """A refund of an order's payment, wherever it was made; refunds of fees are not handled here."""
    if await Order.exists().where(Order.id == fact.reference_id):
        await sync_all(fact.reference_id)
