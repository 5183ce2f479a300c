"""Refunds of membership fees: decided in one transaction, paid by `payments`, and recorded wherever they were made."""

from uuid import UUID

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.ledger import failed_refunds
from components.memberships.billing import cancellations, paid_periods, subscriptions
from components.memberships.billing.tables import FeeRefund
from components.memberships.facts import FeeRefunded, FeeRefundFailed, FeeRefundRequested, RefundedFeeEnded
from components.memberships.grants.refund_rules import AT_STRIPE, REFUSED, check_amount
from components.memberships.renewal_credits import renewal_credits
from components.memberships.renewal_credits.fee_payments import FeePayment
from components.memberships.tables import Subscription
from components.payments import disputes, payment_refunds, running_subscriptions
from components.payments.billing_requests import billing_requests
from components.payments.facts import RefundMirrored
from components.payments.invoicing import invoices
from components.payments.payment_refusals import NoSubscription, OutcomeUnknown, check_before
from components.payments.tables import MirroredRefund

CORRECTION = "Correction of a late plan change"


async def payment(subscription_id: UUID, invoice_id: str) -> FeePayment:
    """Raises `NotFound` for an invoice that is not a paid one of this subscription."""
    invoice = await invoices.by_id(invoice_id)
    if invoice is None or invoice.local_id != subscription_id or invoice.status != "paid":
        raise NotFound("There is no such payment.")
    fee, credit = await paid_periods.fee_of(invoice), int(invoice.store_credit)
    refunded = (await refunded_by_invoice(subscription_id)).get(invoice_id, 0)
    given = (await credit_back_by_invoice(subscription_id)).get(invoice_id, 0)
    left = max(0, min(fee - refunded, await payment_refunds.refundable(invoice_id) if fee else 0))
    return FeePayment(
        subscription_id=subscription_id,
        invoice=invoice_id,
        number=invoice.number or "",
        paid=Money(fee + credit, invoice.currency),
        refunded=Money(refunded + given, invoice.currency),
        left=Money(left + credit - given, invoice.currency),
        credit=Money(credit, invoice.currency),
        credit_left=Money(credit - given, invoice.currency),
    )


async def refunded_by_invoice(subscription_id: UUID) -> dict[str, int]:
    """Money of each invoice, in minor units, that was refunded or is on its way."""
    return {invoice: money for invoice, (money, _) in (await _by_invoice(subscription_id)).items()}


async def credit_back_by_invoice(subscription_id: UUID) -> dict[str, int]:
    """The same of store credit."""
    return {invoice: credit for invoice, (_, credit) in (await _by_invoice(subscription_id)).items()}


async def _by_invoice(subscription_id: UUID) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for one in await of_subscription(subscription_id):
        money, credit = found.get(one.invoice, (0, 0))
        if one.status != "failed":
            found[one.invoice] = (money + one.amount, credit + one.credit)
    return found


async def of_subscription(subscription_id: UUID) -> list[FeeRefund]:
    """The oldest first."""
    return await FeeRefund.objects().where(FeeRefund.subscription == subscription_id).order_by(FeeRefund.at)


async def by_id(refund_id: UUID) -> FeeRefund | None:
    return await FeeRefund.objects().where(FeeRefund.id == refund_id).first()


async def create(
    subscription_id: UUID, invoice_id: str, amount: int, *, reason: str, ends_now: bool, by: UUID, key: UUID,
    before: int | None = None,
) -> FeeRefund:  # fmt: skip
    """The refund with this `key`: sending the same form again changes nothing. `before`: see `check_before`.

    Raises `NotFound`, `NoRefundAmount`, `MoreThanLeft`, `PaymentDisputed`, `DisputeLost`, `RefundedMeanwhile`.
    """
    async with database.transaction():
        await database.locked(Subscription, Subscription.id == subscription_id)
        if earlier := await by_id(key):
            return earlier
        paid = await payment(subscription_id, invoice_id)
        check_before(before, paid.refunded.amount)
        disputes.refuse_refund(await disputes_of(subscription_id, invoice_id))
        check_amount(amount, paid.left)
        credit = paid.of_credit(amount)
        refund = FeeRefund(
            id=key, subscription=subscription_id, invoice=invoice_id, amount=amount - credit, credit=credit,
            currency=paid.paid.currency, reason=reason, ends_now=ends_now, at=clock.now(), by=by,
        )  # fmt: skip
        await FeeRefund.insert(refund)
        await review(invoice_id, by=by)
        after = {"amount": amount, "invoice": paid.number, "reason": reason, "ends membership": ends_now,
                 "refund": str(key)}  # fmt: skip
        await audit.record(by, "membership fee refunded", "subscription", subscription_id, after=after)
        await outbox.announce(FeeRefundRequested(key))
    return refund


async def review(invoice_id: str, *, by: UUID) -> None:
    """What becomes of the membership is decided, whoever made the refunds of this payment."""
    decided = FeeRefund.update({FeeRefund.reviewed_at: clock.now(), FeeRefund.reviewed_by: by})
    await decided.where((FeeRefund.invoice == invoice_id) & FeeRefund.reviewed_at.is_null())


async def disputes_of(subscription_id: UUID, invoice_id: str) -> list[disputes.DisputeView]:
    return [one for one in await disputes.of_reference(subscription_id) if one.invoice == invoice_id]


async def send(refund_id: UUID) -> None:
    """Have the money sent. May be called again: `payments` makes one refund for a key.

    Raises `StripeUnavailable` and `OutcomeUnknown`; the refund is then still requested.
    """
    refund = await by_id(refund_id)
    if refund is None or refund.status != "asked":
        return
    if not refund.amount:
        await _settle(refund_id, "succeeded", None)
        return
    try:
        money = Money(refund.amount, refund.currency)
        mirrored = await payment_refunds.create(refund.subscription, money, key=refund_id, invoice=refund.invoice)
    except REFUSED:
        await _settle(refund_id, "failed", None)
        raise
    await _sync(refund.subscription, mirrored)


async def send_requested(fact: FeeRefundRequested) -> None:
    """A refusal has been recorded by then and is not tried again."""
    try:
        await send(fact.refund_id)
    except REFUSED:
        return


async def apply_mirrored(fact: RefundMirrored) -> None:
    """A refund of a subscription's payment, wherever it was made; refunds of orders are not handled here."""
    if not await Subscription.exists().where(Subscription.id == fact.reference_id):
        return
    for mirrored in await payment_refunds.of_reference(fact.reference_id):
        await _sync(fact.reference_id, mirrored)


async def end_if_wanted(fact: FeeRefunded | RefundedFeeEnded) -> None:
    """End the membership with the refund, where staff chose that. May run twice, and asks once more after a refusal."""
    refund = await by_id(fact.refund_id)
    if refund is None or not refund.ends_now:
        return
    await cancellations.note(refund.subscription)
    key = await billing_requests.anew(f"fee-refund:{refund.id}:end")
    try:
        await running_subscriptions.end_now(refund.subscription, key=key)
    except (NoSubscription, OutcomeUnknown):  # over already, or it goes on by itself until Stripe has done it
        return
    await subscriptions.apply(refund.subscription)


async def _sync(subscription_id: UUID, mirrored: MirroredRefund) -> None:
    refund_id = await _row_of(subscription_id, mirrored)
    if refund_id is not None:
        await _settle(refund_id, AT_STRIPE.get(mirrored.status, "pending"), mirrored.stripe_id)


async def _row_of(subscription_id: UUID, mirrored: MirroredRefund) -> UUID | None:
    """Our row of a refund; written when one that was not requested here is first seen."""
    async with database.transaction():
        await database.locked(Subscription, Subscription.id == subscription_id)
        if mirrored.key is not None and await by_id(mirrored.key):
            return mirrored.key
        if known := await FeeRefund.objects().where(FeeRefund.stripe_id == mirrored.stripe_id).first():
            return known.id
        invoice = await invoices.of_payment(mirrored.payment_intent) if mirrored.payment_intent else None
        amount = payment_refunds.part_of(mirrored, subscription_id)
        if invoice is None or not amount:
            return None
        refund = FeeRefund(
            id=mirrored.key or ids.new(), subscription=subscription_id, invoice=invoice.stripe_id,
            amount=amount, currency=mirrored.currency, at=mirrored.created_at, by=None,
            reason=CORRECTION if mirrored.key else payment_refunds.MADE_IN_STRIPE, stripe_id=mirrored.stripe_id,
            reviewed_at=mirrored.created_at if mirrored.key else None,
        )  # fmt: skip
        await FeeRefund.insert(refund)
        return refund.id


async def _settle(refund_id: UUID, status: str, stripe_id: str | None) -> None:
    """Store the result; a success is announced once, and so is a failure."""
    async with database.transaction():
        refund = await database.locked(FeeRefund, FeeRefund.id == refund_id)
        if refund is None or refund.status == status:
            return
        had_succeeded, cause = refund.status == "succeeded", f"fee-refund:{refund_id}"
        refund.status, refund.stripe_id = status, stripe_id or refund.stripe_id
        refund.settled_at = None if status == "pending" else clock.now()
        await refund.save(columns=[FeeRefund.status, FeeRefund.stripe_id, FeeRefund.settled_at])
        if had_succeeded and refund.credit:
            await failed_refunds.spend_again(cause, words="The refund of your renewal did not go through")
        if status == "succeeded":
            await renewal_credits.restore(refund.invoice, refund.credit, cause=cause)
            await outbox.announce(FeeRefunded(refund_id))
        if status == "failed":
            await outbox.announce(FeeRefundFailed(refund_id))
