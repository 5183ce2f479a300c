"""Object ids with Stripe's prefixes."""

import secrets

PREFIXES = {
    "billing_portal.session": "bps",
    "charge": "ch",
    "checkout.session": "cs_test",
    "coupon": "co",
    "customer": "cus",
    "discount": "di",
    "dispute": "du",
    "event": "evt",
    "file": "file",
    "invoice": "in",
    "invoice_payment": "inpay",
    "invoiceitem": "ii",
    "item": "li",
    "line_item": "il",
    "payment_intent": "pi",
    "payment_method": "pm",
    "price": "price",
    "product": "prod",
    "promotion_code": "promo",
    "radar.early_fraud_warning": "issfr",
    "refund": "re",
    "setup_intent": "seti",
    "subscription": "sub",
    "subscription_item": "si",
    "tax.calculation": "taxcalc",
    "tax.calculation_line_item": "tax_li",
    "tax.transaction": "tax",
    "tax.transaction_line_item": "tax_li",
    "test_helpers.test_clock": "clock",
    "webhook_endpoint": "we",
}


def fresh(kind: str) -> str:
    return f"{PREFIXES[kind]}_{secrets.token_hex(12)}"


def client_secret(owner: str) -> str:
    return f"{owner}_secret_{secrets.token_hex(12)}"
