"""E-mails about a first payment that took days and then did not come: whoever waits for it is told once."""

from uuid import UUID

from components.foundation import formatting, settings
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.memberships.billing import subscription_start
from components.messaging import email_outbox
from components.messaging.secret_placeholders import placeholder
from components.messaging.texts import recipient_language
from components.orders import queries
from components.orders.views import OrderView
from components.payments.checkout_sessions import pages
from components.payments.facts import CheckoutSessionPaymentFailed
from components.payments.tables import CheckoutSession
from components.people import customer_accounts


async def payment_not_made(fact: CheckoutSessionPaymentFailed) -> None:
    """Nothing once it has been paid on another page all the same."""
    page = await pages.by_id(fact.page_id)
    if page is None or not page.has_failed or not page.email:
        return
    counts = await pages.for_reference(page.purpose, page.reference_id)
    if counts is not None and counts.is_paid:
        return
    order = await _order_on(page)
    person = await customer_accounts.by_id(page.person_id) if page.person_id else None
    wish = person.language if person else ""
    with await recipient_language.of_order(order) if order else recipient_language.of(wish):
        amount = Money(page.amount, page.currency)
        way = f"/orders/{placeholder('token')}" if order else "/account/membership" if person else "/join"
        await email_outbox.send(
            key=f"payment-not-made:{page.id}",
            to=page.email,
            person=page.person_id,
            template="payment_not_made",
            subject=f"Your payment of {formatting.money(amount)} did not arrive",
            fields={
                "name": person.name if person else order.name if order else "",
                "amount": amount,
                "what": await _what(page, order),
                "is_order": order is not None,
                "is_membership": page.purpose in ("joining", "term"),
                "link": f"{settings.current().base_url}{way}",
            },
            secrets={"token": order.token} if order else {},
        )


async def _order_on(page: CheckoutSession) -> OrderView | None:
    order_id: UUID | None = page.reference_id if page.purpose == "order" else page.along
    return await queries.by_id(order_id) if order_id else None


async def _what(page: CheckoutSession, order: OrderView | None) -> str:
    if order is not None:
        return _("your order %(number)s", number=order.number)
    if page.purpose == "joining":
        return _("your fee for %(plan)s", plan=(await subscription_start.plan_of(page.reference_id)).name)
    return _("your membership") if page.purpose == "term" else _("your gift membership")
