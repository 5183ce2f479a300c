"""To members who were adopted from an earlier system, only if staff ask for it: what stays, and how they sign in."""

from components.adoption.facts import MemberAdopted
from components.foundation import clock
from components.memberships.billing import subscriptions
from components.memberships.entitlements import membership_history
from components.memberships.plans import plan_catalogue
from components.messaging.emails import member_recipients
from components.messaging.emails.charge_text import card_text
from components.payments import cards
from components.people import customer_accounts

TEMPLATE, SUBJECT = "membership_moved", "Your membership has moved"


async def adopted(fact: MemberAdopted) -> None:
    """Asks again what is so now: one that has ended or was given back meanwhile is no news."""
    if fact.subscription_id is not None:
        await _billed(fact)
    else:
        await _unbilled(fact)


async def _billed(fact: MemberAdopted) -> None:
    assert fact.subscription_id is not None
    found = await subscriptions.running_by_id(fact.subscription_id)
    if found is None:
        return
    plan = plan_catalogue.by_version(found.plan_version)
    async with member_recipients.to(fact.person_id) as send:
        card = await cards.of_subscription(found.id)
        await send(
            key=f"membership-moved:{fact.row_id}",
            template=TEMPLATE,
            subject=SUBJECT,
            plan_name=plan.name,
            price_words=plan.price_words,
            renews_at=None if found.cancel_at else found.current_period_end,
            card="" if found.cancel_at else card_text(card),
            until=found.cancel_at,
            asks=False,
            email=await _address(fact),
        )


async def _unbilled(fact: MemberAdopted) -> None:
    spans = await membership_history.spans(fact.person_id)
    held = next((one for one in spans if one.id == fact.membership_id), None)
    if held is None or (held.ends_at is not None and held.ends_at <= clock.now()):
        return
    async with member_recipients.to(fact.person_id) as send:
        await send(
            key=f"membership-moved:{fact.row_id}",
            template=TEMPLATE,
            subject=SUBJECT,
            plan_name=held.plan_name,
            price_words="",
            renews_at=None,
            card="",
            until=held.ends_at,
            asks=fact.asks,
            email=await _address(fact),
        )


async def _address(fact: MemberAdopted) -> str:
    person = await customer_accounts.by_id(fact.person_id)
    return person.email if person is not None else ""
