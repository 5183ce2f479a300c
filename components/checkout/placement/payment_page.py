"""From a placed order to its payment page. An order with nothing to pay is completed at once."""

from dataclasses import dataclass
from uuid import UUID

from components.checkout.placement import checkout_attempts
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.memberships.billing import subscription_start
from components.memberships.billing.subscription_start import AlreadySubscribed
from components.memberships.grants import fixed_term, term_pages
from components.memberships.grants.fixed_term import PaymentOnItsWay
from components.memberships.plans.plan_catalogue import PlanView, by_version
from components.orders import completion, queries
from components.orders.delivery import delivery_text
from components.orders.views import LineSold, OrderView
from components.payments.checkout_sessions import pages
from components.payments.payment_refusals import AlreadyPaid
from components.payments.tables import CheckoutSession
from components.payments.values import Payer, SessionLine, SessionTrial

MOST_BESIDE_A_PLAN = 20
"""The most one-time lines Stripe accepts on a subscription's page; a longer order becomes one line there."""


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """Where the shopper goes next: the payment page, or the order's own when there is nothing (left) to pay."""

    order: OrderView
    pay_url: str | None


async def open_page(order: OrderView, *, saves_card: bool = False) -> PlacedOrder:
    """Open the order's payment page, or complete an order with nothing to pay. Raises `OutcomeUnknown` while nobody
    knows whether a saved card was charged for it."""
    if not order.needs_page:
        await completion.complete(order.id)
        await checkout_attempts.finish_paid(order.id)
        return PlacedOrder(await queries.by_id(order.id) or order, None)
    try:
        with language.speaking(order.language):
            page = await _page(order, saves_card=saves_card)
    except AlreadyPaid as paid:
        if order.begins_membership and paid.page.along != order.id:
            await _joined_elsewhere(order, paid.page)
        return PlacedOrder(order, None)
    return PlacedOrder(order, page.url)


async def _joined_elsewhere(order: OrderView, page: CheckoutSession) -> None:
    """They have just paid for the membership in another window, or their payment is on its way: this order, at member
    prices, is not needed."""
    if order.joins_term is not None:
        assert order.joining_version is not None
        await fixed_term.order_not_needed(
            order.joins_term, page, version_id=order.joining_version, placed_at=order.placed_at
        )
    if order.joins is not None:
        await subscription_start.complete(order.joins)
    await completion.expire(order.id)
    await checkout_attempts.finish_replaced(order.id)
    raise AlreadySubscribed if page.is_paid else PaymentOnItsWay


async def _page(order: OrderView, *, saves_card: bool) -> CheckoutSession:
    if order.joins is not None:
        return await _page_with_joining(order, order.joins)
    if order.joins_term is not None:
        assert order.joining_version is not None
        return await _page_with_term(order, order.joins_term, by_version(order.joining_version))
    return await pages.open(
        "order",
        order.id,
        payer=Payer(order.person, order.email, order.name),
        lines=_page_lines(order),
        currency=order.currency,
        success_path=f"/orders/{order.token}",
        cancel_path="/checkout",
        expires_at=order.expires_at,
        metadata={"order": order.number},
        saves_card=saves_card and order.person is not None,
    )


async def _page_with_joining(order: OrderView, subscription_id: UUID) -> CheckoutSession:
    """One page for both: the plan as the recurring price, the order as one-time lines.

    A trial that begins with an order always saves the card, because it is entered for the goods anyway. A code on the
    fee is a discount on the plan alone.
    """
    fee, discount = await subscription_start.page_line(
        subscription_id, discount_id=order.joining_discount, off=order.joining_off
    )
    goods = _page_lines(order) if order.to_pay else []
    return await pages.open(
        "joining",
        subscription_id,
        payer=Payer(order.person, order.email, order.name),
        lines=(fee, *goods),
        currency=order.currency,
        success_path=f"/orders/{order.token}",
        cancel_path="/checkout",
        expires_at=order.expires_at,
        metadata={"order": order.number},
        trial=SessionTrial(order.joining_trial_days) if order.joining_trial_days else None,
        along=order.id,
        discount=discount,
    )


async def _page_with_term(order: OrderView, term_id: UUID, plan: PlanView) -> CheckoutSession:
    """One page for both: the fee, less a code, is a line beside the order's. It is for the plan that was ordered,
    whatever the term has come to wait for since."""
    place = (order.address.country, order.address.region)
    goods = _page_lines(order) if order.to_pay else []
    return await pages.open(
        "term",
        term_id,
        payer=Payer(order.person, order.email, order.name),
        lines=(SessionLine(f"{plan.name}, {plan.interval_words}", order.joining_fee), *goods),
        currency=order.currency,
        success_path=f"/orders/{order.token}",
        cancel_path="/checkout",
        expires_at=order.expires_at,
        metadata={"order": order.number},
        along=order.id,
        fee=order.joining_fee,
        agreed=term_pages.agreed(plan, order.joining_discount, place),
    )


def _page_lines(order: OrderView) -> list[SessionLine]:
    """The lines on the payment page. Their sum is the amount to pay: store credit can only be taken off the whole."""
    if order.credit:
        return [SessionLine(_("Order %(number)s, less store credit", number=order.number), order.to_pay)]
    paid = [line for line in order.lines if line.unit]
    lines = [_page_line(line) for line in paid if line.total]
    if order.delivery:
        lines.append(SessionLine(delivery_text.delivery(order.delivery_method), order.delivery))
    if not order.tax_is_included:
        lines += [SessionLine(row.name, row.amount) for row in order.taxes if row.amount and not row.of_fee]
    if order.joins and len(lines) > MOST_BESIDE_A_PLAN:
        return [SessionLine(_("Order %(number)s", number=order.number), order.to_pay)]
    return lines


def _page_line(line: LineSold) -> SessionLine:
    """A coupon's part of a line may differ between its units: then they are listed as one."""
    title = _title(line.title, line.variant_title)
    if not line.coupon:
        return SessionLine(title, line.unit, line.quantity)
    many = f"{line.quantity} × " if line.quantity > 1 else ""
    return SessionLine(_("%(title)s, less coupon", title=f"{many}{title}"), line.total)


def _title(title: str, variant_title: str) -> str:
    return f"{title}, {variant_title}" if variant_title and variant_title != title else title
