"""Erasing a person: what has to be settled first, and what ends then."""

import contextlib
from uuid import UUID

from components.foundation import database
from components.foundation.languages.words import _
from components.memberships.billing import cancellations, subscriptions
from components.memberships.grants import seats
from components.memberships.promises import fee_guarantees, plan_places
from components.memberships.tables import GiftMembership, Membership
from components.payments import customers
from components.payments.payment_refusals import NoSubscription
from components.people.facts import PersonErased


async def obstacle(person_id: UUID) -> str | None:
    """A subscription that would go on billing has to be cancelled by whoever pays for it."""
    running = await subscriptions.running(person_id)
    if running is None or running.cancel_at:
        return None
    return _("Your membership renews automatically. Please cancel it first; you keep it for the time you’ve paid for.")


async def erase_agreements(fact: PersonErased) -> None:
    """Names, addresses and messages of gifts and seats are deleted; that they were bought and redeemed stays.
    May run twice."""
    await database.execute(_ERASE_GIVEN, fact.person_id)
    nobody = GiftMembership.update({GiftMembership.recipient_name: "", GiftMembership.recipient_email: ""})
    await nobody.where(GiftMembership.redeemed_by == fact.person_id)
    await database.execute(_ERASE_RECEIVED, fact.email_digest)
    await Membership.update({Membership.note: ""}).where(Membership.holder == fact.person_id)
    await seats.erase_person(fact.person_id)
    await fee_guarantees.forget(fact.person_id)
    await plan_places.erase_person(fact.person_id)


_ERASE_RECEIVED = """
UPDATE gift_membership SET recipient_name = '', recipient_email = ''
WHERE sent_at IS NOT NULL AND encode(sha256(convert_to(recipient_email, 'UTF8')), 'hex') = $1
"""
_ERASE_GIVEN = """
UPDATE gift_membership SET giver_name = '', message = '',
  recipient_name = CASE WHEN redeemed_at IS NOT NULL OR sent_at IS NOT NULL THEN '' ELSE recipient_name END,
  recipient_email = CASE WHEN redeemed_at IS NOT NULL OR sent_at IS NOT NULL THEN '' ELSE recipient_email END
WHERE buyer = $1
"""


async def stop_billing(fact: PersonErased) -> None:
    """Anything still active at Stripe ends there, and the card is removed. May run twice."""
    with contextlib.suppress(NoSubscription):
        await cancellations.end_now(fact.person_id)
    await customers.erase(fact.person_id)
