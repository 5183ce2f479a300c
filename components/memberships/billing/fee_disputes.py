"""A lost dispute about a membership fee: staff decide whether the membership goes on, or the shop's setting does.

Access stays as it was while a dispute is open, and after it was lost until it is decided: the bank's verdict is about
one payment, not about the person.
"""

import contextlib
import re
from typing import Literal
from uuid import UUID

from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.memberships.billing import cancellations, paid_periods, subscriptions
from components.memberships.grants import paid_once
from components.memberships.tables import Subscription
from components.payments import disputes, running_subscriptions
from components.payments.billing_requests import billing_requests
from components.payments.checkout_sessions import pages
from components.payments.facts import BillingRequestSettled, DisputeMirrored
from components.payments.invoicing import invoices
from components.payments.payment_refusals import NoSubscription, OutcomeUnknown

ASK, KEEP, END = "ask", "keep", "end"
Follows = Literal["ask", "keep", "end"]
BY_SETTING = "By the shop’s setting"
ENDED, ENDED_BEFORE = " (membership ended)", " (the membership was over already)"
UNANSWERED = " (the membership is being ended: Stripe hasn’t answered yet)"
REFUSED = " (the membership was not ended: Stripe refused)"
KEY = "dispute:%s:end"
OF_DISPUTE = re.compile(r"dispute:(.+):end(?::\d+)?")


async def payer_of(dispute: disputes.DisputeView) -> Subscription | None:
    """The subscription whose fee is disputed; None for any other payment."""
    if dispute.reference_id is None or dispute.invoice is None:
        return None
    return await Subscription.objects().where(Subscription.id == dispute.reference_id).first()


async def fee_part(dispute: disputes.DisputeView) -> Money:
    """How much of it is of the fee: the payment that began a membership may have paid for an order too."""
    paid = await invoices.by_id(dispute.invoice) if dispute.invoice else None
    if paid is not None:
        return _less(dispute.money, paid.amount_paid - await paid_periods.fee_of(paid), of=paid.amount_paid)
    page = await pages.for_reference("term", dispute.reference_id) if dispute.reference_id else None
    return _less(dispute.money, page.along_amount, of=page.amount) if page is not None else dispute.money


def _less(disputed: Money, along: int, *, of: int) -> Money:
    """Without the part that is of the order `along`, which was as much of the payment."""
    return Money(disputed.amount - round(disputed.amount * along / of), disputed.currency) if of else disputed


async def what_follows(dispute: disputes.DisputeView) -> Follows:
    """By the shop's setting, once it is lost.

    Nothing ends by itself that another payment has paid for: of a membership that goes on with a later fee, staff are
    asked. An order has nothing that could end.
    """
    chosen = shop_settings.current().dispute_lost
    if chosen == KEEP:
        return "keep"
    if chosen != END:
        return "ask"
    disputed = await payer_of(dispute)
    if disputed is not None:
        periods = await paid_periods.of_subscription(disputed.id)
        newest = max(periods, key=lambda one: one.ends_at, default=None)
        return "end" if newest is None or newest.invoice == dispute.invoice else "ask"
    is_once = dispute.reference_id is not None and await paid_once.of_reference(dispute.reference_id) is not None
    return "end" if is_once else "keep"


async def follow_setting(fact: DisputeMirrored) -> None:
    """May run twice, and after staff have decided: then nothing is left to do."""
    if fact.status != "lost":
        return
    found = await disputes.by_id(fact.dispute_id)
    follows = await what_follows(found)
    if found.needs_decision and follows != ASK:
        with contextlib.suppress(NotFound):
            await decide(found, ends_now=follows == END, words=BY_SETTING, by=None)


async def decide(dispute: disputes.DisputeView, *, ends_now: bool, words: str, by: UUID | None) -> None:
    """The membership goes on, or ends at once without another charge. What is noted says that it has ended only where
    it has. Raises `NotFound` when it has been decided."""
    disputed, noted, key = await payer_of(dispute), words, await billing_requests.anew(KEY % dispute.id)
    if ends_now and disputed is not None:
        noted += await _end(disputed.id, key)
    elif ends_now and dispute.reference_id and await paid_once.of_reference(dispute.reference_id):
        await paid_once.end(dispute.reference_id, by=by)
        noted += ENDED
    await disputes.review(dispute.id, words=noted, by=by)
    if noted.endswith(UNANSWERED):  # which may have changed before that was written
        await _answered(dispute.id, await billing_requests.outcome_of(key))


async def _end(subscription_id: UUID, key: str) -> str:
    """What is noted of it."""
    await cancellations.note(subscription_id)
    try:
        await running_subscriptions.end_now(subscription_id, key=key)
    except NoSubscription:
        return ENDED_BEFORE
    except OutcomeUnknown:  # it goes on by itself until Stripe has done it: see `follow_answer`
        return UNANSWERED
    await subscriptions.apply(subscription_id)
    return ENDED


async def follow_answer(fact: BillingRequestSettled) -> None:
    """What Stripe has done meanwhile, in the note of before. May run twice."""
    if found := OF_DISPUTE.fullmatch(fact.key):
        await _answered(found[1], fact.outcome)


async def _answered(dispute_id: str, outcome: str | None) -> None:
    if outcome:
        await disputes.renote(dispute_id, before=UNANSWERED, now=ENDED if outcome == "done" else REFUSED)
