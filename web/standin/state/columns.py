"""The parts of an object that can be searched without reading every object."""

from typing import Any

Json = dict[str, Any]


def searchable(thing: Json) -> tuple[str | None, str | None, str | None, str | None]:
    """customer, parent, word, status."""
    customer = thing.get("customer")
    return (
        customer if isinstance(customer, str) else None,
        _parent(thing),
        _word(thing),
        thing.get("status"),
    )


def _parent(thing: Json) -> str | None:
    match thing["object"]:
        case "invoice":
            return subscription_of(thing)
        case "charge" | "refund" | "dispute" | "checkout.session" | "radar.early_fraud_warning":
            return _text(thing["payment_intent"])
        case "invoice_payment" | "invoiceitem":
            return _text(thing["invoice"])
        case "price":
            return _text(thing["product"])
        case "promotion_code":
            return _text(thing["promotion"]["coupon"])
    return None


def _word(thing: Json) -> str | None:
    match thing["object"]:
        case "price":
            return _text(thing["lookup_key"])
        case "promotion_code":
            return _text(thing["code"].upper())
        case "customer":
            return _text(thing["email"])
        case "tax.transaction":
            return _text(thing["reference"])
        case "checkout.session":
            return _text(thing["subscription"])
        case "invoice_payment":
            return _text(thing["payment"]["payment_intent"])
    return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def subscription_of(invoice: Json) -> str | None:
    details = (invoice["parent"] or {}).get("subscription_details")
    return _text(details["subscription"]) if details else None
