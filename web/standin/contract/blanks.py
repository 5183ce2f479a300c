"""An empty object with every field the SDK knows: `None` where allowed, else the simplest value of its type."""

import functools
import json
from typing import Any

from web.standin.contract import shapes, source

RESOURCES = {
    "account": "stripe._account:Account",
    "billing_portal.session": "stripe.billing_portal._session:Session",
    "charge": "stripe._charge:Charge",
    "checkout.session": "stripe.checkout._session:Session",
    "coupon": "stripe._coupon:Coupon",
    "customer": "stripe._customer:Customer",
    "discount": "stripe._discount:Discount",
    "dispute": "stripe._dispute:Dispute",
    "event": "stripe._event:Event",
    "file": "stripe._file:File",
    "invoice": "stripe._invoice:Invoice",
    "invoice_payment": "stripe._invoice_payment:InvoicePayment",
    "invoiceitem": "stripe._invoice_item:InvoiceItem",
    "item": "stripe._line_item:LineItem",
    "line_item": "stripe._invoice_line_item:InvoiceLineItem",
    "payment_intent": "stripe._payment_intent:PaymentIntent",
    "payment_method": "stripe._payment_method:PaymentMethod",
    "plan": "stripe._plan:Plan",
    "price": "stripe._price:Price",
    "product": "stripe._product:Product",
    "promotion_code": "stripe._promotion_code:PromotionCode",
    "radar.early_fraud_warning": "stripe.radar._early_fraud_warning:EarlyFraudWarning",
    "refund": "stripe._refund:Refund",
    "setup_intent": "stripe._setup_intent:SetupIntent",
    "subscription": "stripe._subscription:Subscription",
    "subscription_item": "stripe._subscription_item:SubscriptionItem",
    "tax.calculation": "stripe.tax._calculation:Calculation",
    "tax.calculation_line_item": "stripe.tax._calculation_line_item:CalculationLineItem",
    "tax.settings": "stripe.tax._settings:Settings",
    "tax.transaction": "stripe.tax._transaction:Transaction",
    "tax.transaction_line_item": "stripe.tax._transaction_line_item:TransactionLineItem",
    "test_helpers.test_clock": "stripe.test_helpers._test_clock:TestClock",
    "webhook_endpoint": "stripe._webhook_endpoint:WebhookEndpoint",
}
LEFT_OUT = {"deleted"}  # present only on objects that are deleted


def blank(kind: str) -> dict[str, Any]:
    """`kind` is Stripe's own `object` value."""
    return {**blank_part(RESOURCES[kind]), "object": kind}


def blank_part(reference: str) -> dict[str, Any]:
    fresh: dict[str, Any] = json.loads(_text(reference))
    return fresh


@functools.cache
def _text(reference: str) -> str:
    return json.dumps(_record(reference))


def _record(reference: str) -> dict[str, Any]:
    fields = source.record(reference)
    return {
        name: None if nullable else _plainest(shape)
        for name, (_, nullable, shape) in fields.items()
        if name not in LEFT_OUT and not (nullable and _is_map_of_records(shape))
    }


def _is_map_of_records(shape: shapes.Shape) -> bool:
    """Left out rather than null: the SDK reads such a map without checking for None."""
    return isinstance(shape, dict) and isinstance(shape.get("map"), dict) and "record" in shape["map"]


def _plainest(shape: shapes.Shape) -> Any:
    if isinstance(shape, str):
        return {"str": "", "int": 0, "bool": False, "float": 0, "decimal": "0", "any": {}}[shape]
    kind, inside = next(iter(shape.items()))
    if kind == "union":
        return _plainest(inside[0])
    if kind == "literal":
        return inside[0]
    if kind == "record":
        return _record(inside)
    return {"list": [], "map": {}, "page": {"object": "list", "data": [], "has_more": False, "url": "/v1"}}[kind]
