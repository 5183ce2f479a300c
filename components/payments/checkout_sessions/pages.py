"""Payment pages: opening one, reading its state at Stripe, and closing it.

The row is committed before Stripe is called, with the request stored in it. A repeated call, after a double click, a
crash or an outage, sends the same request under the same key and gets the same page.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from components.foundation import currencies, database, formatting, json, settings
from components.foundation.languages.words import _
from components.payments import customers, ownership
from components.payments.checkout_sessions import checkout_session_params, payment_attempts, stripe_locales
from components.payments.mirror import mirrored_sessions as mirror
from components.payments.payment_refusals import (
    AmountTooSmall,
    PageUnavailable,
    StripeKeyRefused,
    StripeUnavailable,
    UnknownAtStripe,
)
from components.payments.stripe_account import smallest_charges
from components.payments.tables import CheckoutSession, MirroredInvoice
from components.payments.timeouts import request_time
from components.payments.values import Payer, SessionDiscount, SessionLine, SessionTrial


async def open(
    purpose: str,
    reference_id: UUID,
    *,
    attempt: int = 1,
    payer: Payer,
    lines: Sequence[SessionLine] = (),
    currency: str,
    success_path: str,
    cancel_path: str,
    expires_at: datetime | None = None,
    metadata: dict[str, str] | None = None,
    trial: SessionTrial | None = None,
    along: UUID | None = None,
    saves_card: bool = False,
    discount: SessionDiscount | None = None,
    agreed: dict[str, str] | None = None,
    fee: int = 0,
) -> CheckoutSession:
    """The page on which `reference_id` can be paid now; its `url` is where the shopper goes.

    `along`: the order paid on the page of a joining, or of a term, whose part of the lines is the `fee`; `agreed`: what
    the page is for, if its reference may change. The same call gives the same page; other lines, another `agreed` or a
    later `attempt` close the older one first. Raises `AlreadyPaid`, `AmountTooSmall`, `StripeUnavailable`,
    `PaymentRefused`, `UnsupportedCurrency`. In no transaction.
    """
    _refuse_transaction()
    _refuse_too_little(purpose, sum(line.total for line in lines), currency)
    with request_time.timeouts(), _as_a_page():
        requested = checkout_session_params.SessionRequest(
            purpose=purpose, reference_id=reference_id, payer=payer, lines=tuple(lines), currency=currency,
            customer=await customers.for_person(payer),
            success_url=settings.current().base_url + success_path,
            cancel_url=settings.current().base_url + cancel_path,
            metadata={**(metadata or {}), **ownership.ownership_metadata()},
            trial=trial, along=along, saves_card=saves_card, discount=discount, agreed=agreed or {}, fee=fee,
            locale=stripe_locales.current(),
        )  # fmt: skip
        return await _made(requested, at_least=attempt, expires_at=expires_at)


def _refuse_too_little(purpose: str, total: int, currency: str) -> None:
    """A subscription's invoice may be smaller: Stripe adds it to the next one. Raises `UnsupportedCurrency` as well."""
    currencies.decimals(currency)
    least = smallest_charges.of(currency)
    if purpose in ("order", "term", "gift") and 0 < total < least:
        sum = formatting.money(least, currency)
        raise AmountTooSmall(_("The smallest amount that can be paid by card is %(sum)s.", sum=sum))


async def _made(
    requested: checkout_session_params.SessionRequest, *, at_least: int, expires_at: datetime | None
) -> CheckoutSession:
    try:
        return await payment_attempts.create(requested, at_least=at_least, expires_at=expires_at)
    except UnknownAtStripe as refusal:
        if requested.customer is None or refusal.param != "customer":
            raise
    customer = await customers.replacement(requested.payer, gone=requested.customer)
    return await payment_attempts.create(
        replace(requested, customer=customer), at_least=at_least, expires_at=expires_at
    )


async def sync(page: CheckoutSession) -> CheckoutSession:
    """The page as Stripe sees it now, mirrored by the same code the inbox uses. Raises `StripeUnavailable`.

    For the page a shopper returns to: the address is not trusted, Stripe is asked.
    """
    _refuse_transaction()
    with request_time.timeouts():
        if not page.has_session:
            return await payment_attempts.repair(page)
        return await mirror.fetch_session(page.id) or page


async def expire(page: CheckoutSession) -> CheckoutSession:
    """Make sure that the page can no longer be paid. It may turn out to be complete: then the payment stands."""
    _refuse_transaction()
    with request_time.timeouts():
        return await payment_attempts.close(page)


async def for_order(order_id: UUID) -> CheckoutSession | None:
    """The page that counts for an order: its own, or that of the joining it is paid along with. A saved card that was
    declined leaves the order as it was."""
    page_id = await database.fetch_value(_FOR_ORDER, order_id)
    return await by_id(page_id) if page_id else None


_FOR_ORDER = """
SELECT id FROM checkout_session WHERE ((purpose = 'order' AND reference_id = $1) OR along = $1)
  AND NOT (charges_card AND status = 'expired')
ORDER BY paid_at IS NULL, status <> 'complete' OR failed_at IS NOT NULL, replaced_at IS NOT NULL, created_at DESC
LIMIT 1
"""


async def for_reference(purpose: str, reference_id: UUID) -> CheckoutSession | None:
    """The page that counts: the paid one, else the completed one, else the newest. Of card pages always the newest."""
    page_id = await database.fetch_value(_FOR_REFERENCE, purpose, reference_id)
    return await by_id(page_id) if page_id else None


_FOR_REFERENCE = """
SELECT id FROM checkout_session WHERE purpose = $1 AND reference_id = $2
ORDER BY paid_at IS NULL, purpose <> 'card' AND (status <> 'complete' OR failed_at IS NOT NULL),
  replaced_at IS NOT NULL, attempt DESC LIMIT 1
"""


async def payment_of(page: CheckoutSession) -> str | None:
    """Stripe's number of the payment made on it: its own, or that of the first invoice of the membership joined."""
    if page.payment_intent or not page.subscription_ref:
        return page.payment_intent
    is_first = (MirroredInvoice.subscription == page.subscription_ref) & (
        MirroredInvoice.reason == "subscription_create"
    )
    invoice = await MirroredInvoice.objects().where(is_first).first()
    return invoice.payment_intent if invoice else None


def agreed_on(page: CheckoutSession) -> dict[str, str]:
    """What `open` was told that the page is for, among the rest of its metadata."""
    found: dict[str, str] = json.load(page.request).get("metadata", {})
    return found


def fee_of(page: CheckoutSession) -> int:
    """What is paid on it without the order that goes along, in minor units."""
    return int(page.amount - page.along_amount)


async def by_id(page_id: UUID) -> CheckoutSession | None:
    return await CheckoutSession.objects().where(CheckoutSession.id == page_id).first()


async def by_session(stripe_session_id: str) -> CheckoutSession | None:
    """The page of the session id in a return address. Whether it is this shopper's is for the caller to check."""
    return await CheckoutSession.objects().where(CheckoutSession.stripe_session_id == stripe_session_id).first()


@contextmanager
def _as_a_page() -> Iterator[None]:
    """Nothing is charged by opening a page, so that may be said when one cannot be opened."""
    try:
        yield
    except StripeKeyRefused:
        raise
    except StripeUnavailable as outage:
        raise PageUnavailable from outage


def _refuse_transaction() -> None:
    if database.DB.transaction_exists():
        raise RuntimeError("Stripe is asked outside the caller's transaction: what was asked must already be committed")
