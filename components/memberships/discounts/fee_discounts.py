"""The discount of a running membership: put on, taken off, used up. One at a time for each subscription.

How to use it:

    terms = FeeDiscountTerms(percent_bp=2500, payments=3)      # or amount=Money(500, "GBP"); payments=None: for ever
    discount = await fee_discounts.put(subscription_id, terms, key=form_key, source="offer", reason="…", by=None)

- `key` is the form's own id and becomes the row's: sending a form again gives the same discount, and puts it on once.
  One that was refused keeps its key: it is refused again, in words (`WasRefused`); so is one that has ended since
  (`DiscountOver`).
- It returns when Stripe has it. `OutcomeUnknown` is raised when there is no answer yet (let it through: the visitor is
  sent to the waiting page); the row then stays open and follows by itself. Other refusals close it: nothing changed.
- `running` is what applies now, with what is left of it; `next_fee` what the next payment of a fee is with it.

The number of payments is counted here, by the invoices it was taken off and that are not void: each that bills the
membership, a change of plan included. Stripe is given months that surely hold them, and is told to stop when they are
had. Should a pause have outlasted those months, Stripe is told again: what was promised is kept.
"""

from dataclasses import replace
from uuid import UUID

from components.foundation import audit, clock, database, outbox
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.discounts.discount_views import (
    FeeDiscountView,
    by_id,
    coming_words,
    invoices_with,
    lasting_fee,
    next_fee,
    of_subscription,
    open_discount,
    promised_words,
    row_of,
    running,
    terms_of,
    words_of,
)  # fmt: skip
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.facts import FeeDiscountBegan, FeeDiscountEnded
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.payments.discounting import subscription_discounts
from components.payments.payment_refusals import NoSubscription, OutcomeUnknown

__all__ = [
    "FeeDiscountView", "begin", "by_id", "coming_words", "end", "finish", "invoices_with", "lasting_fee", "next_fee",
    "of_subscription", "open_discount", "promised_words", "put", "request", "row_of", "running", "send", "take_off",
    "tell_stripe", "terms_of", "words_of",
]  # fmt: skip
BILLS = ("trialing", "active", "past_due", "paused")


class HasDiscount(Refusal):
    message = N_("There is a discount on this membership already. Take it off first.")
    status = 409


class CannotDiscount(Refusal):
    message = N_("A discount can be put on a membership that renews.")
    status = 409


class DiscountOver(Refusal):
    message = N_("This discount has ended already.")
    status = 409


class WasRefused(Refusal):
    message = N_("This discount didn’t go through, and nothing was changed. Start again to try it once more.")
    status = 409


async def put(
    subscription_id: UUID,
    terms: FeeDiscountTerms,
    *,
    key: UUID,
    source: str = "staff",
    reason: str = "",
    by: UUID | None = None,
) -> FeeDiscountView:
    """Off the next payments of a running membership, from now on.

    Raises `CannotDiscount`, `HasDiscount`, `WrongDiscount`, `DiscountTooLarge`, `WasRefused`, `DiscountOver`,
    `StillAsking`, `StripeUnavailable`, `PaymentRefused`, `OutcomeUnknown`.
    """
    await request(subscription_id, terms, key=key, source=source, reason=reason, by=by)
    return await send(key)


async def send(discount_id: UUID) -> FeeDiscountView:
    """Have a discount that was requested put on. Raises `DiscountOver`, `StillAsking`, `StripeUnavailable`,
    `PaymentRefused` (it is closed then), `OutcomeUnknown`."""
    row = (await by_id(discount_id)).row
    if row.ended_at:
        raise WasRefused if row.why_ended == "refused" else DiscountOver
    if not row.begun_at:
        try:
            await tell_stripe(row)
        except OutcomeUnknown:
            raise
        except Refusal:
            await end(row.id, "refused")
            raise
    return await by_id(discount_id)


async def take_off(discount_id: UUID, *, by: UUID | None = None) -> FeeDiscountView:
    """The next payment is the whole fee again. Raises `DiscountOver`, `StillAsking`, `StripeUnavailable`,
    `OutcomeUnknown`: the discount then ends when Stripe has taken it off."""
    row = await _ask(discount_id, by=by)
    if row is None:
        raise DiscountOver
    try:
        await stop_at_stripe(row)
    except NoSubscription:
        await end(row.id, "over")
        raise DiscountOver from None
    await end(row.id, "taken off", by=by)
    return await by_id(row.id)


async def finish(discount_id: UUID) -> None:
    """All its payments were had. Raises `NoSubscription`, `StillAsking`, `StripeUnavailable`, `OutcomeUnknown`."""
    if (row := await _ask(discount_id, by=None)) is not None:
        await stop_at_stripe(row)
        await end(discount_id, "used")


async def stop_at_stripe(row: FeeDiscount) -> None:
    coupon = subscription_discounts.coupon_id(row.id, row.turn)
    await subscription_discounts.take_off(row.subscription, coupon, key=f"discount:{row.id}:off:{row.asks}")


async def tell_stripe(row: FeeDiscount) -> None:
    """Have Stripe take it off from the next invoice on. Raises like `put`; may run again."""
    kept = await Subscription.objects().get(Subscription.id == row.subscription)
    assert kept is not None
    plan, turn = plan_catalogue.by_version(kept.plan_version), row.turn
    left = terms_of(row) if row.payments is None else replace(terms_of(row), payments=(await by_id(row.id)).left or 1)
    coupon = left.at_stripe(plan, row.code or left.off_words)
    made = await subscription_discounts.prepare_coupon(row.id, coupon, turn=turn)
    await subscription_discounts.put(row.subscription, made, key=f"discount:{row.id}:put:{turn}")
    await begin(row.id)


async def begin(discount_id: UUID) -> None:
    """Stripe has it. Told once."""
    async with database.transaction():
        row = await database.locked(FeeDiscount, FeeDiscount.id == discount_id)
        if row is None or row.ended_at:
            return
        is_first = row.begun_at is None
        at = clock.now()
        row.put_at, row.begun_at = at, row.begun_at or at
        await row.save(columns=[FeeDiscount.put_at, FeeDiscount.begun_at])
        if is_first:
            await outbox.announce(FeeDiscountBegan(discount_id, row.subscription))


async def end(discount_id: UUID, why: str, *, by: UUID | None = None) -> None:
    """It applies no more. Told once."""
    async with database.transaction():
        row = await database.locked(FeeDiscount, FeeDiscount.id == discount_id)
        if row is None or row.ended_at:
            return
        row.ended_at, row.why_ended, row.ended_by = clock.now(), why, by
        await row.save(columns=[FeeDiscount.ended_at, FeeDiscount.why_ended, FeeDiscount.ended_by])
        if by is not None:
            await audit.record(by, "membership discount taken off", "subscription", row.subscription)
        await outbox.announce(FeeDiscountEnded(discount_id, row.subscription, why))


async def request(
    subscription_id: UUID,
    terms: FeeDiscountTerms,
    *,
    key: UUID,
    source: str = "staff",
    reason: str = "",
    by: UUID | None = None,
) -> FeeDiscount:
    """The row of it, before Stripe is asked. With the same key, it is the same row.

    Raises `CannotDiscount`, `HasDiscount`, `WrongDiscount`, `DiscountTooLarge`, `WasRefused`.
    """
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        known = await FeeDiscount.objects().where(FeeDiscount.id == key).first()
        if known is not None and known.why_ended == "refused":
            raise WasRefused
        if known is not None:
            return known
        if kept is None or kept.status not in BILLS or kept.cancel_at:
            raise CannotDiscount
        is_open = (FeeDiscount.subscription == subscription_id) & FeeDiscount.ended_at.is_null()
        if await FeeDiscount.exists().where(is_open):
            raise HasDiscount
        plan = plan_catalogue.by_version(kept.plan_version)
        terms.check(plan)
        row = row_of(subscription_id, terms, key=key, source=source, reason=reason, by=by)
        await FeeDiscount.insert(row)
        if by is not None:
            amount = terms.worth(plan.price).amount
            after = {"discount": terms.words, "reason": reason, "amount": amount, "grant": str(key)}
            await audit.record(by, "membership discount put on", "subscription", subscription_id, after=after)
    return row


async def _ask(discount_id: UUID, *, by: UUID | None) -> FeeDiscount | None:
    """One more request to Stripe about it, which has a key of its own; None when it has ended."""
    async with database.transaction():
        row = await database.locked(FeeDiscount, FeeDiscount.id == discount_id)
        if row is None or row.ended_at or not row.begun_at:
            return None
        row.asks, row.ended_by = row.asks + 1, by
        await row.save(columns=[FeeDiscount.asks, FeeDiscount.ended_by])
    return row
