"""Erasing a person: what has to be settled first, and what ends then."""

import contextlib
from uuid import UUID

from components.foundation import database
from components.foundation.languages.words import _
from components.memberships.billing import cancellations, subscriptions
from components.memberships.billing.states import cancel_attempts
from components.memberships.entitlements import entitlements
from components.memberships.grants import seats
from components.memberships.promises import fee_guarantees, plan_places
from components.memberships.renewal_credits import credit_choices
from components.memberships.tables import GiftMembership, Membership, Seat
from components.payments import customers
from components.payments.payment_refusals import (
    NoSubscription,
    OutcomeUnknown,
    PaymentRefused,
    StillAsking,
    StripeUnavailable,
    UnknownAtStripe,
)
from components.people.facts import PersonErased


async def obstacle(person_id: UUID) -> str | None:
    """A subscription that would go on billing has to be cancelled by whoever pays for it."""
    running = await subscriptions.running(person_id)
    if running is None or running.cancel_at:
        return None
    return _("Your membership renews automatically. Please cancel it first; you keep it for the time you’ve paid for.")


async def end_billing(person_id: UUID) -> str | None:
    """Before anybody is erased, nothing bills them any more. What Stripe has not said, or refuses, is waited for."""
    try:
        with contextlib.suppress(NoSubscription, UnknownAtStripe):
            await cancellations.end_now(person_id)
    except (OutcomeUnknown, StillAsking, StripeUnavailable):
        return _("Our payment provider has not confirmed yet that your membership’s billing has ended. We keep asking.")
    except PaymentRefused:
        return _("Our payment provider has not ended your membership’s billing. We are looking into it.")
    return None


async def fees_on_their_way(person_id: UUID) -> str | None:
    if await database.fetch_value(_FEES_ON_THEIR_WAY, person_id):
        return _("A refund to you is still on its way.")
    return None


_FEES_ON_THEIR_WAY = """
SELECT EXISTS (SELECT FROM fee_refund WHERE status IN ('asked', 'pending')
    AND subscription IN (SELECT id FROM subscription WHERE payer = $1))
  OR EXISTS (SELECT FROM paid_once_refund WHERE status IN ('asked', 'pending')
    AND (gift IN (SELECT id FROM gift_membership WHERE buyer = $1)
      OR term IN (SELECT id FROM paid_term WHERE payer = $1)))
"""


async def paid_time(person_id: UUID) -> str | None:
    """Told before: what is paid ends as well."""
    standing = await entitlements.for_person(person_id)
    return _("Your membership ends at once, also the time you’ve paid for.") if standing.plans else None


async def household(person_id: UUID) -> str | None:
    """Told before: whoever has a seat loses it, and is told; whoever was invited learns it from the link."""
    is_open = (Seat.payer == person_id) & Seat.ended_at.is_null()
    said: list[str] = []
    if await Seat.exists().where(is_open & Seat.holder.is_not_null()):
        said += [_("The seats you gave in your household end. We tell the people who have them.")]
    if await Seat.exists().where(is_open & Seat.holder.is_null()):
        said += [_("Invitations to your household that nobody has accepted end. Their links then say so.")]
    return " ".join(said) or None


async def gifts_to_give(person_id: UUID) -> str | None:
    """Told before: the code is known to nobody but whoever has it."""
    is_left = GiftMembership.paid_at.is_not_null() & GiftMembership.redeemed_at.is_null()
    is_left = is_left & GiftMembership.refunded_at.is_null() & GiftMembership.voided_at.is_null()
    if not await GiftMembership.exists().where((GiftMembership.buyer == person_id) & is_left):
        return None
    return _(
        "A gift membership you bought has not been redeemed. Its code keeps working, but we can’t show it to you "
        "again: write it down first. One that we are to e-mail later is still sent, without your name and message."
    )


async def erase_agreements(fact: PersonErased) -> None:
    """Names, addresses and messages of gifts and seats are deleted; that they were bought and redeemed stays.
    May run twice."""
    await database.execute(_ERASE_GIVEN, fact.person_id)
    nobody = GiftMembership.update({GiftMembership.recipient_name: "", GiftMembership.recipient_email: ""})
    await nobody.where(GiftMembership.redeemed_by == fact.person_id)
    await database.execute(_ERASE_RECEIVED, fact.email_digest)
    await Membership.update({Membership.note: ""}).where(Membership.holder == fact.person_id)
    await database.execute(_ERASE_FEE_REASONS, fact.person_id)
    await database.execute(_ERASE_DISCOUNT_REASONS, fact.person_id)
    await database.execute(_ERASE_ONCE_REASONS, fact.person_id)
    await cancel_attempts.erase_person(fact.person_id)
    await seats.erase_person(fact.person_id, fact.email_digest)
    await fee_guarantees.forget(fact.person_id)
    await plan_places.erase_person(fact.person_id)
    await credit_choices.forget(fact.person_id)


_ERASE_FEE_REASONS = """
UPDATE fee_refund SET reason = '' WHERE subscription IN (SELECT id FROM subscription WHERE payer = $1)"""
_ERASE_DISCOUNT_REASONS = """
UPDATE fee_discount SET reason = '' WHERE subscription IN (SELECT id FROM subscription WHERE payer = $1)"""
_ERASE_ONCE_REASONS = """
UPDATE paid_once_refund SET reason = '' WHERE gift IN (SELECT id FROM gift_membership WHERE buyer = $1)
OR term IN (SELECT id FROM paid_term WHERE payer = $1)"""


_ERASE_RECEIVED = """
UPDATE gift_membership SET recipient_name = '', recipient_email = ''
WHERE sent_at IS NOT NULL AND encode(sha256(convert_to(recipient_email, 'UTF8')), 'hex') = $1
"""
_ERASE_GIVEN = """
UPDATE gift_membership SET giver_name = '', message = '', code = NULL,
  code_sealed = CASE WHEN redeemed_at IS NOT NULL OR sent_at IS NOT NULL OR recipient_email = '' THEN ''
    ELSE code_sealed END,
  recipient_name = CASE WHEN redeemed_at IS NOT NULL OR sent_at IS NOT NULL THEN '' ELSE recipient_name END,
  recipient_email = CASE WHEN redeemed_at IS NOT NULL OR sent_at IS NOT NULL THEN '' ELSE recipient_email END
WHERE buyer = $1
"""


async def stop_billing(fact: PersonErased) -> None:
    """Anything still active at Stripe ends there, and the card is removed. May run twice."""
    with contextlib.suppress(NoSubscription):
        await cancellations.end_now(fact.person_id)
    await customers.erase(fact.person_id)
