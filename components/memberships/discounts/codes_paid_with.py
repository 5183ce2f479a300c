"""Which code a first payment was made with, whatever was typed in another window since its page was opened."""

from uuid import UUID

from components.memberships.discounts import discount_views, fee_codes
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.tables import Trial
from components.payments.discounting import subscription_discounts
from components.payments.invoicing import invoices
from components.payments.tables import MirroredSubscription


async def standing_discount(subscription_id: UUID, seen: MirroredSubscription | None) -> FeeDiscount | None:
    """The discount that stands. A code that waits, and that the first payment was made without, is given back; the one
    that it was made with stands, also where that had been given back."""
    row = await discount_views.open_row(subscription_id)
    if row is not None and await _is_paid_without(row):
        await fee_codes.release(subscription_id, "replaced")
        row = None
    return row or await _paid_late(subscription_id, seen)


async def has_trial(subscription_id: UUID) -> bool:
    """One that was admitted: the first of its person, by mailbox and card."""
    return bool(await Trial.exists().where(Trial.subscription == subscription_id))


async def _is_paid_without(row: FeeDiscount) -> bool:
    """The page of a trial names no code: there it is the last that was typed."""
    if row.source != "code" or row.begun_at:
        return False
    coupon = await _first_coupon(row.subscription)
    return coupon is not None and subscription_discounts.discount_of(coupon) != row.id


async def _first_coupon(subscription_id: UUID) -> str | None:
    """Of the first payment, "" for one without; None before there is one, and where a trial was to come first."""
    if await has_trial(subscription_id):
        return None
    found = [one for one in await invoices.of_subscription(subscription_id) if one.reason == "subscription_create"]
    return found[-1].coupon if found and found[-1].status == "paid" else None


async def _paid_late(subscription_id: UUID, seen: MirroredSubscription | None) -> FeeDiscount | None:
    """One of a payment page that was given up here and paid all the same. The page of a trial names no coupon at
    Stripe: there it is the last one, unless another page had replaced it."""
    if seen is None or seen.is_over:
        return None
    discount_id = subscription_discounts.discount_of(seen.coupon or await _first_coupon(subscription_id) or "")
    is_its = (FeeDiscount.subscription == subscription_id) & FeeDiscount.begun_at.is_null()
    if discount_id:
        gone = is_its & (FeeDiscount.id == discount_id) & FeeDiscount.why_ended.is_in(["not paid", "replaced"])
        return await FeeDiscount.objects().where(gone).first()
    if not await has_trial(subscription_id):
        return None
    newest = FeeDiscount.objects().where(FeeDiscount.subscription == subscription_id)
    row = await newest.order_by(FeeDiscount.at, ascending=False).first()
    is_gone = row is not None and row.source == "code" and not row.begun_at and row.why_ended == "not paid"
    return row if is_gone else None
