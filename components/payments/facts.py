"""The facts of payments. Each fact follows a transition of the mirror and is announced once per transition."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.outbox import Fact


@dataclass(frozen=True)
class CheckoutSessionPaid(Fact):
    """The page's whole amount has been received, in its currency. `purpose` is order or joining."""

    page_id: UUID
    purpose: str
    reference_id: UUID
    amount: int
    currency: str


@dataclass(frozen=True)
class CheckoutSessionUnpaid(Fact):
    """The shopper has finished, but the money is still on its way (a delayed method)."""

    page_id: UUID
    purpose: str
    reference_id: UUID


@dataclass(frozen=True)
class CheckoutSessionPaymentFailed(Fact):
    """A delayed payment failed. A new attempt may be opened."""

    page_id: UUID
    purpose: str
    reference_id: UUID


@dataclass(frozen=True)
class CheckoutSessionExpired(Fact):
    """The page can no longer be paid and was not. Not announced for a page that a newer attempt replaced.

    Check `pages.for_reference` before giving up the reference: a new page may have been opened since.
    """

    page_id: UUID
    purpose: str
    reference_id: UUID


@dataclass(frozen=True)
class AmountMismatch(Fact):
    """The amount paid differs from what was agreed. Nothing may be fulfilled."""

    page_id: UUID
    purpose: str
    reference_id: UUID


@dataclass(frozen=True)
class CardSaved(Fact):
    """A card page is complete: this payment method is to be charged from now on."""

    page_id: UUID
    reference_id: UUID
    payment_method: str


@dataclass(frozen=True)
class SavedCardRemoved(Fact):
    """The customer removed this card; Stripe still has it."""

    payment_method: str


@dataclass(frozen=True)
class SubscriptionMirrored(Fact):
    """Something about the subscription has changed; read it with `running_subscriptions.mirrored`."""

    stripe_subscription_id: str
    local_id: UUID


@dataclass(frozen=True)
class InvoicePaid(Fact):
    """`reason` is Stripe's billing reason: subscription_create, subscription_cycle, subscription_update…"""

    invoice_id: str
    local_id: UUID
    reason: str
    amount: int
    currency: str


@dataclass(frozen=True)
class InvoiceFailed(Fact):
    """A charge of the invoice was declined; `attempt` counts from 1."""

    invoice_id: str
    local_id: UUID
    reason: str
    attempt: int


@dataclass(frozen=True)
class InvoiceDrafted(Fact):
    """An invoice has been begun and is not final yet: of a renewal for about an hour."""

    invoice_id: str
    local_id: UUID
    reason: str


@dataclass(frozen=True)
class InvoiceVoided(Fact):
    """Nothing is owed for it any more, and nothing was paid."""

    invoice_id: str
    local_id: UUID


@dataclass(frozen=True)
class RefundMirrored(Fact):
    """A refund appeared or changed its status. `reference_id` is what the refunded payment was for."""

    refund_id: str
    reference_id: UUID
    status: str


@dataclass(frozen=True)
class DisputeMirrored(Fact):
    dispute_id: str
    reference_id: UUID
    status: str


@dataclass(frozen=True)
class FraudWarned(Fact):
    """A card's issuer says that a payment may be fraudulent, and it can still be refunded."""

    warning_id: str
    reference_id: UUID


@dataclass(frozen=True)
class BillingRequestSettled(Fact):
    """What became of a change asked of Stripe is known; `outcome` is done or refused. `subject` is the subscription or
    order, `key` what was wanted."""

    request_id: UUID
    kind: str
    subject: UUID
    key: str
    outcome: str
