"""E-mails about an order: paid, its address changed, shipped, refunded. Each once, and late rather than never."""

from dataclasses import dataclass
from typing import Any

from components.consents import consents
from components.foundation import clock, settings, text
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.invoices import credit_notes, order_invoices
from components.memberships.plans import joining_words
from components.messaging import email_outbox, invoice_in_email
from components.messaging.invoice_in_email import InvoiceInEmail
from components.messaging.secret_placeholders import placeholder
from components.messaging.texts import recipient_language
from components.orders import queries
from components.orders.facts import OrderAddressChanged, OrderPaid, OrderRefunded, OrderShipped
from components.orders.views import LineSold, OrderView, TaxCharged
from components.people import customer_accounts
from components.pricing import tax_names
from components.recommendations import email_choices
from components.recommendations.personal_choices import PersonalChoice

NO_INVOICE = InvoiceInEmail()


@dataclass(frozen=True, slots=True)
class EmailRow:
    """One line of an e-mail's amounts."""

    words: str
    amount: Money
    is_total: bool = False


async def confirmation(fact: OrderPaid) -> None:
    order = await queries.by_id(fact.order_id)
    if order is None or order.paid_at is None:
        return
    invoice = invoice_in_email.of(await order_invoices.ensure(order.id))
    subject, key = f"Your order {order.number}", f"order-confirmation:{order.id}"
    await _send(order, "order_confirmation", subject, key=key, invoice=invoice)


async def shipped(fact: OrderShipped) -> None:
    order = await queries.by_id(fact.order_id)
    if order is None or order.parcel is None:
        return
    if order.address.is_pickup:
        subject = f"Your order {order.number} is ready to pick up"
        await _send(order, "order_ready", subject, key=f"order-shipped:{fact.fulfilment_id}")
        return
    sent = order.parcel
    parcel: dict[str, Any] = {
        "carrier": sent.carrier,
        "tracking": sent.tracking,
        "tracking_link": sent.tracking_address,
    }
    subject = f"Your order {order.number} has shipped"
    await _send(order, "order_shipped", subject, key=f"order-shipped:{fact.fulfilment_id}", **parcel)


async def address_changed(fact: OrderAddressChanged) -> None:
    """With the address as it is now, which a later change has its own e-mail about."""
    order = await queries.by_id(fact.order_id)
    if order is None or order.parcel is not None:
        return
    subject = f"New delivery address for your order {order.number}"
    await _send(order, "order_address_changed", subject, key=f"order-address:{fact.change_id}")


async def refunded(fact: OrderRefunded) -> None:
    order = await queries.by_id(fact.order_id)
    made = next((one for one in order.refunds if one.id == fact.refund_id), None) if order else None
    if order is None or made is None or not made.counts:
        return
    credit = Money(made.credit, order.currency)
    gone = {
        "refunded": fact.amount,
        "reason": made.reason_told,
        "credit": credit,
        "is_all_credit": credit == fact.amount,
    }
    subject = f"Refund for your order {order.number}"
    await credit_notes.settle_order(order.id)
    note = invoice_in_email.of(await credit_notes.of_refund(fact.refund_id))
    await _send(order, "order_refunded", subject, key=f"order-refunded:{fact.refund_id}", invoice=note, **gone)


async def _send(
    order: OrderView, template: str, subject: str, *, key: str, invoice: InvoiceInEmail = NO_INVOICE, **more: Any
) -> None:
    """An anonymised order has nobody to e-mail."""
    if not order.email:
        return
    chosen = await _chosen(order)
    with await recipient_language.of_order(order):
        lines = tuple(EmailRow(_line_words(line), Money(line.total, order.currency)) for line in order.lines)
        total = Money(order.charged, order.currency)
        await email_outbox.send(
            key=key,
            to=order.email,
            person=order.person,
            template=template,
            subject=subject,
            fields={
                "order": order,
                "name": order.name,
                "link": f"{settings.current().base_url}/orders/{placeholder('token')}",
                "order_number": order.number,
                "tax_note": order.tax_note,
                "vat_number": order.vat_number,
                "seller_vat_number": order.seller_vat_number,
                "what_follows": _what_follows(order),
                "address_heading": _("Pick up at") if order.address.is_pickup else _("Delivery address"),
                "delivery_address": _address(order),
                "arrival": order.standing_promise.words if order.standing_promise else "",
                "lines": lines,
                "total": total,
                "order_table": (*lines, *_sums(order)),
                "saved": Money(order.member_savings, order.currency),
                "for_you": email_choices.said(chosen),
                **invoice.fields,
                **more,
            },
            secrets={"token": order.token, **invoice.secrets},
            invoice=invoice.attached,
        )


async def _chosen(order: OrderView) -> tuple[PersonalChoice, ...]:
    """Nobody has asked for advertising in an e-mail about their order but who agreed to news and offers; and what
    somebody bought is told to nobody else, whom they may have ordered for."""
    if order.person is None or not await consents.is_agreed(order.email, "news"):
        return ()
    if await customer_accounts.confirmed_email(order.person) != text.normal_email(order.email):
        return ()
    return (await email_choices.for_people([order.person], clock.now())).get(order.person, ())


def _what_follows(order: OrderView) -> str:
    if order.address.is_pickup:
        return _("We'll e-mail you again when it's ready to pick up.")
    return _("We'll e-mail you again when it ships.")


def _address(order: OrderView) -> tuple[str, ...]:
    told = order.address
    name = "" if told.is_pickup else told.name
    return tuple(filter(None, (name, told.line1, told.line2, told.town_line, told.phone_shown, told.hours)))


def _line_words(line: LineSold) -> str:
    variant = f", {line.variant_title}" if line.variant_title not in ("", line.title) else ""
    return f"{line.quantity} × {line.title}{variant}"


def _sums(order: OrderView) -> tuple[EmailRow, ...]:
    """What comes to the total, how it was paid, and below it the tax that is in it."""
    delivery = EmailRow(order.delivery_method or _("Delivery"), Money(order.delivery, order.currency))
    words = joining_words.said(order.joining_words, kept_in=order.language, trial_days=order.joining_trial_days)
    whole = Money(order.joining_fee + order.joining_off, order.currency)
    fee = (EmailRow(words, whole), *_code_off(order)) if order.begins_membership else ()
    of_goods = [row for row in order.taxes if not row.of_fee]
    taxed = N_("including %(tax)s (%(rate)s)") if order.tax_is_included else N_("plus %(tax)s (%(rate)s)")
    taxes = [_tax_row(row, taxed, order.currency) for row in of_goods]
    in_fee = [_tax_row(row, _IN_FEE, order.currency) for row in order.taxes if row.of_fee]
    added, within = ([], taxes) if order.tax_is_included else (taxes, [])
    return (delivery, *added, *fee, *_paid(order), *within, *in_fee)


def _code_off(order: OrderView) -> tuple[EmailRow, ...]:
    """What a code took off the fee."""
    if not order.joining_off:
        return ()
    return (EmailRow(_("Coupon %(code)s", code=order.joining_code), -Money(order.joining_off, order.currency)),)


def _paid(order: OrderView) -> tuple[EmailRow, ...]:
    """Store credit is a payment like another, not a discount."""
    paid = EmailRow(_("Paid"), Money(order.charged, order.currency), is_total=True)
    if not order.credit:
        return (paid,)
    whole = Money(order.total + order.joining_fee, order.currency)
    credit = EmailRow(_("Paid with store credit"), Money(order.credit, order.currency))
    return (EmailRow(_("Total"), whole, is_total=True), credit, paid)


_IN_FEE = N_("including %(tax)s (%(rate)s) in the fee")


def _tax_row(row: TaxCharged, words: str, currency: str) -> EmailRow:
    name, rate = tax_names.told(row.name, row.rate_bp)
    return EmailRow(_(words, tax=name, rate=rate), Money(row.amount, currency))
