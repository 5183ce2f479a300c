"""What the shop's Stripe key must be allowed to do, for those who give it a restricted one.

`docs/payments.md` has the same table; tests hold it equal to this one, and this one to the calls that the shop makes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from stripe import StripeClient

from components.foundation.shop_settings import shop_settings
from components.payments.payment_refusals import StripeKeyRefused, UnknownAtStripe
from components.payments.stripe_connection import call, client

NOBODY = "clubfront_check"


@dataclass(frozen=True)
class KeyPermission:
    """`resource` is its name in Stripe's dashboard; `calls` are those the shop makes; `probe` only reads."""

    resource: str
    level: Literal["Read", "Write"]
    calls: tuple[str, ...]
    probe: Callable[[StripeClient], Awaitable[Any]]
    with_stripe_tax: bool = False
    """Only a shop that has chosen Stripe Tax needs it."""


FEW: Any = {"limit": 1}
PERMISSIONS = (
    KeyPermission("Account", "Read", ("accounts.retrieve_current",), lambda c: c.v1.accounts.retrieve_current_async()),
    KeyPermission("Charges and Refunds", "Write",
                  ("charges.retrieve", "refunds.create", "refunds.list", "refunds.retrieve"),
                  lambda c: c.v1.refunds.list_async(FEW)),
    KeyPermission("Checkout Sessions", "Write",
                  ("checkout.sessions.create", "checkout.sessions.expire", "checkout.sessions.retrieve"),
                  lambda c: c.v1.checkout.sessions.list_async(FEW)),
    KeyPermission("Coupons", "Write", ("coupons.create",), lambda c: c.v1.coupons.list_async(FEW)),
    KeyPermission("Customers", "Write",
                  ("customers.create", "customers.delete", "customers.retrieve", "customers.update"),
                  lambda c: c.v1.customers.list_async(FEW)),
    KeyPermission("Disputes", "Write",
                  ("disputes.close", "disputes.list", "disputes.retrieve", "disputes.update"),
                  lambda c: c.v1.disputes.list_async(FEW)),
    KeyPermission("Events", "Read", ("events.list",), lambda c: c.v1.events.list_async(FEW)),
    KeyPermission("Files", "Write", ("files.create",), lambda c: c.v1.files.list_async(FEW)),
    KeyPermission("Invoices", "Write",
                  ("invoice_payments.list", "invoices.create_preview", "invoices.line_items.list", "invoices.list",
                   "invoice_items.create", "invoice_items.delete", "invoices.pay",
                   "invoices.retrieve", "invoices.void_invoice"),
                  lambda c: c.v1.invoices.list_async(FEW)),
    KeyPermission("Payment Intents", "Write",
                  ("payment_intents.cancel", "payment_intents.confirm", "payment_intents.create",
                   "payment_intents.list", "payment_intents.retrieve"),
                  lambda c: c.v1.payment_intents.list_async(FEW)),
    KeyPermission("Payment Methods", "Write", ("payment_methods.detach", "payment_methods.retrieve"),
                  lambda c: c.v1.payment_methods.retrieve_async(f"pm_{NOBODY}")),
    KeyPermission("Prices", "Write", ("prices.create", "prices.retrieve"), lambda c: c.v1.prices.list_async(FEW)),
    KeyPermission("Radar Early Fraud Warnings", "Read", ("radar.early_fraud_warnings.retrieve",),
                  lambda c: c.v1.radar.early_fraud_warnings.list_async(FEW)),
    KeyPermission("Setup Intents", "Read", ("setup_intents.retrieve",),
                  lambda c: c.v1.setup_intents.retrieve_async(f"seti_{NOBODY}")),
    KeyPermission("Subscriptions", "Write",
                  ("subscriptions.cancel", "subscriptions.create", "subscriptions.list", "subscriptions.pause",
                   "subscriptions.resume", "subscriptions.retrieve", "subscriptions.update"),
                  lambda c: c.v1.subscriptions.list_async(FEW)),
    KeyPermission("Tax Calculations and Transactions", "Write",
                  ("tax.calculations.create", "tax.transactions.create_from_calculation",
                   "tax.transactions.create_reversal"),
                  lambda c: c.v1.tax.calculations.retrieve_async(f"taxcalc_{NOBODY}"), with_stripe_tax=True),
    KeyPermission("Tax Settings", "Read", ("tax.settings.retrieve",), lambda c: c.v1.tax.settings.retrieve_async(),
                  with_stripe_tax=True),
    KeyPermission("Webhook Endpoints", "Write",
                  ("webhook_endpoints.create", "webhook_endpoints.delete", "webhook_endpoints.list",
                   "webhook_endpoints.update"),
                  lambda c: c.v1.webhook_endpoints.list_async(FEW)),
)  # fmt: skip


async def unreadable() -> list[KeyPermission]:
    """The resources that the key may not even read. Whether it may write is only known from trying."""
    needed = [each for each in PERMISSIONS if not each.with_stripe_tax or shop_settings.current().asks_stripe_tax]
    allowed = await asyncio.gather(*(_may_read(each) for each in needed))
    return [each for each, is_allowed in zip(needed, allowed, strict=True) if not is_allowed]


async def _may_read(permission: KeyPermission) -> bool:
    """Nobody has this id, and whoever may not ask is told that first."""
    try:
        await call(permission.probe(client()))
    except UnknownAtStripe:
        return True
    except StripeKeyRefused:
        return False
    return True
