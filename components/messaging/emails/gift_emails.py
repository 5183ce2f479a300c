"""E-mails about what is given to others: a gift membership, and a household invitation."""

from datetime import timedelta
from uuid import UUID

from components.foundation import formatting, settings
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.operations import one_by_one
from components.invoices import credit_notes, fee_invoices
from components.memberships.facts import GiftDue, GiftPaid, GiftReaddressed, SeatInvited
from components.memberships.grants import gift_codes, gift_memberships, paid_once_refunds, seats
from components.memberships.grants.seats import SeatGone, SharedOnHold
from components.memberships.plans import plan_catalogue
from components.memberships.tables import GiftMembership
from components.messaging import email_outbox, invoice_in_email
from components.messaging.invoice_in_email import InvoiceInEmail
from components.messaging.secret_placeholders import placeholder
from components.messaging.texts import recipient_language
from components.payments import payment_refunds
from components.payments.facts import RefundMirrored
from components.people import customer_accounts

NOTICE = timedelta(days=30)
UNNAMED = N_("Somebody")
"""Whoever gave it has been erased since. Texts begin a sentence with it, as with a name."""


async def receipt(fact: GiftPaid) -> None:
    """To the buyer: what was paid for, when it is sent, and the code, in case they want to pass it on themselves."""
    gift = await gift_memberships.by_id(fact.gift_id)
    buyer = await customer_accounts.by_id(gift.buyer)
    if buyer is None:
        return
    plan = plan_catalogue.by_version(gift.plan_version)
    invoice = invoice_in_email.of(await fee_invoices.ensure_once(gift.id))
    with recipient_language.of_person(buyer):
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
                "until": gift_memberships.redeem_by(gift),
                "code": placeholder("code"),
                "link": f"{settings.current().base_url}/account/given",
                **invoice.fields,
            },
            secrets={"code": gift_codes.code_of(gift), **invoice.secrets},
            invoice=invoice.attached,
        )


async def gift(fact: GiftDue, *, is_named: bool = True) -> None:
    """To the recipient, with the giver's name and message, if it `is_named`, and the code. Nothing when it has been
    refunded."""
    found = await gift_memberships.by_id(fact.gift_id)
    if found.refunded_at or found.voided_at:
        return
    plan, buyer = plan_catalogue.by_version(found.plan_version), await customer_accounts.by_id(found.buyer)
    with await recipient_language.of_address(found.recipient_email, else_of=buyer):
        giver = (found.giver_name if is_named else "") or _(UNNAMED)
        await email_outbox.send(
            key=f"gift:{_turn(found)}",
            to=found.recipient_email,
            template="gift",
            subject=f"{giver} has sent you a gift",
            fields={
                "name": found.recipient_name,
                "giver": giver,
                "message": found.message if is_named else "",
                "plan_name": plan.name,
                "length": gift_memberships.length_in_words(plan),
                "until": gift_memberships.redeem_by(found),
                "benefits": tuple(benefit.name for benefit in plan.benefits),
                "code": placeholder("code"),
                "link": f"{settings.current().base_url}/gifts/redeem?code={placeholder('code')}",
            },
            secrets={"code": gift_codes.code_of(found)},
        )


async def readdressed(fact: GiftReaddressed) -> None:
    """To the buyer, whoever corrected the address: where the gift goes now, and its code, which may be a new one."""
    found = await gift_memberships.by_id(fact.gift_id)
    buyer = await customer_accounts.by_id(found.buyer)
    if buyer is None:
        return
    with recipient_language.of_person(buyer):
        await email_outbox.send(
            key=f"gift-readdressed:{_turn(found)}", to=buyer.email, person=buyer.id, template="gift_readdressed",
            subject=f"Your gift for {found.recipient_name} goes to another address",
            fields={
                "plan_name": plan_catalogue.by_version(found.plan_version).name,
                "recipient_name": found.recipient_name,
                "recipient_email": found.recipient_email,
                "send_at": None if fact.is_sent_again else found.send_at,
                "until": gift_memberships.redeem_by(found),
                "code": placeholder("code"),
                "link": f"{settings.current().base_url}/account/given",
            },
            secrets={"code": gift_codes.code_of(found)},
        )  # fmt: skip


def _turn(gift: GiftMembership) -> str:
    """Once for each address."""
    return f"{gift.id}:{gift.readdressed_at:%Y%m%d%H%M%S%f}" if gift.readdressed_at else str(gift.id)


async def send_expiry_notices() -> None:
    """Scheduled: to the buyer, 30 days before a code that nobody has redeemed expires. The recipient isn't told."""
    await one_by_one.each(await gift_memberships.expiring(within=NOTICE), _expiring, what="notice of a gift's end")


async def _expiring(found: GiftMembership) -> None:
    buyer = await customer_accounts.by_id(found.buyer)
    until = gift_memberships.redeem_by(found)
    if buyer is None or until is None:
        return
    with recipient_language.of_person(buyer):
        await email_outbox.send(
            key=f"gift-expiring:{found.id}",
            to=buyer.email,
            person=buyer.id,
            template="gift_expiring",
            subject=f"Your gift can be redeemed until {formatting.day(until)}",
            fields={
                "plan_name": plan_catalogue.by_version(found.plan_version).name,
                "recipient_name": found.recipient_name,
                "until": until,
                "code": placeholder("code"),
                "link": f"{settings.current().base_url}/account/given",
            },
            secrets={"code": gift_codes.code_of(found)},
        )


async def refunded(fact: RefundMirrored) -> None:
    """To the buyer, once Stripe has the refund: what for, how much, and whether the code still works."""
    made = await payment_refunds.by_stripe_id(fact.refund_id)
    gift = await gift_memberships.known(fact.reference_id)
    buyer = await customer_accounts.by_id(gift.buyer) if gift is not None else None
    if gift is None or buyer is None or made is None or made.status not in ("pending", "succeeded"):
        return
    amount, note = Money(made.amount, made.currency), await _credit_note(gift.id, fact.refund_id)
    with recipient_language.of_person(buyer):
        await email_outbox.send(
            key=f"gift-refunded:{made.stripe_id}",
            to=buyer.email,
            person=buyer.id,
            template="gift_refunded",
            subject=f"Your refund of {formatting.money(amount)}",
            fields={
                "amount": amount,
                "at": made.created_at,
                "plan_name": plan_catalogue.by_version(gift.plan_version).name,
                "recipient_name": gift.recipient_name,
                "is_void": bool(gift.refunded_at),
                "is_redeemed": bool(gift.redeemed_at),
                "ends_now": await _ends_now(gift, fact.refund_id),
                "never_begins": bool(gift.refunded_at and gift.redeemed_at and not gift.begun_at),
                "link": f"{settings.current().base_url}/account/given",
                **note.fields,
            },
            secrets=note.secrets,
            invoice=note.attached,
        )


async def _ends_now(gift: GiftMembership, stripe_id: str) -> bool:
    """Whether a membership that had begun ends with this refund."""
    made = [one for one in await paid_once_refunds.of(gift.id) if one.stripe_id == stripe_id]
    return bool(gift.begun_at) and any(one.ends_now for one in made)


async def _credit_note(gift_id: UUID, stripe_id: str) -> InvoiceInEmail:
    """There is none while the refund is on its way, or where the shop issues no invoices."""
    rows = [one for one in await paid_once_refunds.of(gift_id) if one.stripe_id == stripe_id]
    if not rows:
        return InvoiceInEmail()
    await credit_notes.settle_once(rows[0].id)
    return invoice_in_email.of(await credit_notes.of_refund(rows[0].id))


async def seat(fact: SeatInvited) -> None:
    """To the invited person; nothing when the invitation has been withdrawn."""
    found = await seats.by_id(fact.seat_id)
    if found is None or found.ended_at:
        return
    token, payer = seats.token(found.id), await customer_accounts.by_id(found.payer)
    try:
        offered = await seats.invitations(found.id, token)
    except (SeatGone, SharedOnHold):
        return
    with await recipient_language.of_address(found.email, else_of=payer):
        await email_outbox.send(
            key=f"seat:{found.id}",
            to=found.email,
            template="seat_offered",
            subject=f"{offered.giver} has invited you to share a membership",
            fields={
                "giver": offered.giver,
                "plan_name": offered.plan_name,
                "until": offered.until,
                "link": f"{settings.current().base_url}/household/{found.id}/{placeholder('token')}",
            },
            secrets={"token": token},
        )
