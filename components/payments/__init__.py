"""Payments: pages on which money is paid, and a mirror of what Stripe says about it.

Owns pay pages, the event inbox, the mirror of subscriptions, invoices, payments, refunds and disputes, and the
references between our things and Stripe's. Leaves what a payment means to orders and memberships, which hear of it
as facts. The only component that talks to Stripe.
"""

from components.payments import (
    cards,
    changes,
    customers,
    desk,
    inbox,
    invoices,
    pages,
    plans,
    reconcile,
    refunds,
    subscriptions,
)
from components.payments.connection import connect
from components.payments.facts import (
    AmountMismatch,
    CardKept,
    DisputeMirrored,
    InvoiceFailed,
    InvoicePaid,
    PageCompletedUnpaid,
    PageExpired,
    PagePaid,
    PagePaymentFailed,
    RefundMirrored,
    SubscriptionMirrored,
)
from components.payments.inbox import TooLarge
from components.payments.mirror import EVENTS
from components.payments.refusals import (
    AlreadyPaid,
    CardDeclined,
    MoreThanPaid,
    NoSubscription,
    NothingPaid,
    PaymentRefused,
    StripeUnavailable,
    Superseded,
    UnknownAtStripe,
)
from components.payments.signatures import BadDelivery
from components.payments.soundness import invariants
from components.payments.tables import (
    MirroredDispute,
    MirroredInvoice,
    MirroredPayment,
    MirroredRefund,
    MirroredSubscription,
    PayPage,
)
from components.payments.values import PageLine, Payer, PriceRef, Trial

__all__ = [
    "EVENTS",
    "AlreadyPaid",
    "AmountMismatch",
    "BadDelivery",
    "CardDeclined",
    "CardKept",
    "DisputeMirrored",
    "InvoiceFailed",
    "InvoicePaid",
    "MirroredDispute",
    "MirroredInvoice",
    "MirroredPayment",
    "MirroredRefund",
    "MirroredSubscription",
    "MoreThanPaid",
    "NoSubscription",
    "NothingPaid",
    "PageCompletedUnpaid",
    "PageExpired",
    "PageLine",
    "PagePaid",
    "PagePaymentFailed",
    "PayPage",
    "Payer",
    "PaymentRefused",
    "PriceRef",
    "RefundMirrored",
    "StripeUnavailable",
    "SubscriptionMirrored",
    "Superseded",
    "TooLarge",
    "Trial",
    "UnknownAtStripe",
    "cards",
    "changes",
    "connect",
    "customers",
    "desk",
    "inbox",
    "invariants",
    "invoices",
    "pages",
    "plans",
    "reconcile",
    "refunds",
    "subscriptions",
]
