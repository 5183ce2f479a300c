"""Letters about what is given to others: a membership as a gift, and a seat in a household."""

from components.foundation import settings
from components.memberships.facts import GiftDue, GiftPaid, SeatInvited
from components.memberships.grants import gift_memberships, seats
from components.memberships.grants.seats import SeatGone
from components.memberships.plans import plan_catalogue
from components.messaging import email_outbox
from components.people import customer_accounts


async def receipt(fact: GiftPaid) -> None:
    """To the giver: what was paid for, when it goes out, and the code, should she like to hand it over herself."""
    gift = await gift_memberships.by_id(fact.gift_id)
    buyer = await customer_accounts.by_id(gift.buyer)
    if buyer is None:
        return
    plan = plan_catalogue.by_version(gift.plan_version)
    await email_outbox.send(
        key=f"gift-receipt:{gift.id}",
        to=buyer.email,
        person=buyer.id,
        template="gift_receipt",
        subject=f"Your gift for {gift.recipient_name}",
        fields={
            "plan_name": plan.name,
            "length": gift_memberships.length_in_words(plan),
            "price": plan.price,
            "recipient_name": gift.recipient_name,
            "recipient_email": gift.recipient_email,
            "send_at": gift.send_at,
            "code": gift.code,
            "link": f"{settings.current().base_url}/account/given",
        },
    )


async def gift(fact: GiftDue) -> None:
    """To whom it is for, with the giver's words and the code. Nothing when it was given back meanwhile."""
    found = await gift_memberships.by_id(fact.gift_id)
    if found.refunded_at:
        return
    plan = plan_catalogue.by_version(found.plan_version)
    await email_outbox.send(
        key=f"gift:{found.id}",
        to=found.recipient_email,
        template="gift",
        subject=f"{found.giver_name} has a gift for you",
        fields={
            "name": found.recipient_name,
            "giver": found.giver_name,
            "message": found.message,
            "plan_name": plan.name,
            "length": gift_memberships.length_in_words(plan),
            "benefits": tuple(benefit.name for benefit in plan.benefits),
            "code": found.code,
            "link": f"{settings.current().base_url}/gifts/redeem?code={found.code}",
        },
    )


async def seat(fact: SeatInvited) -> None:
    """To whom a seat is offered; nothing when it was taken back meanwhile."""
    found = await seats.by_id(fact.seat_id)
    if found is None or found.ended_at:
        return
    token = seats.token(found.id)
    try:
        offered = await seats.invitations(found.id, token)
    except SeatGone:
        return
    await email_outbox.send(
        key=f"seat:{found.id}",
        to=found.email,
        template="seat_offered",
        subject=f"{offered.giver} shares a membership with you",
        fields={
            "giver": offered.giver,
            "plan_name": offered.plan_name,
            "until": offered.until,
            "link": f"{settings.current().base_url}/household/{found.id}/{token}",
        },
    )
