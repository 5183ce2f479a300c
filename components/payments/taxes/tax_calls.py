"""The calls of Stripe Tax. A calculation charges nobody; a sale and its reversal change what is owed to a state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from components.payments.stripe_calls.stripe_values import instant
from components.payments.stripe_connection import call, change, client, prepare
from components.payments.taxes.tax_values import LineTax, StatedTax, TaxAnswer, TaxQuestion

if TYPE_CHECKING:
    from stripe.params.tax import (
        CalculationCreateParams,
        CalculationCreateParamsCustomerDetails,
        TransactionCreateFromCalculationParams,
        TransactionCreateReversalParams,
    )

EXPANDED = ["line_items.data.tax_breakdown", "shipping_cost.tax_breakdown"]
MOST_LINES = 100
"""The most lines that Stripe takes in one calculation."""


@dataclass(frozen=True)
class AccountTaxSettings:
    """`missing` are the parts that the account's tax settings lack, by Stripe's names."""

    is_active: bool
    missing: tuple[str, ...]


async def account_settings() -> AccountTaxSettings:
    found = await call(lambda: client().v1.tax.settings.retrieve_async())
    pending = getattr(found.status_details, "pending", None)
    return AccountTaxSettings(found.status == "active", tuple(getattr(pending, "missing_fields", None) or ()))


async def calculate(question: TaxQuestion, *, key: str) -> TaxAnswer:
    """Raises `PaymentRefused`, with `code` customer_tax_location_invalid for an address that Stripe cannot tax."""
    params = _params(question)
    return _read(await prepare(lambda options: client().v1.tax.calculations.create_async(params, options), key=key))


async def record_sale(
    calculation: str, *, reference: str, metadata: dict[str, str], sold_at: datetime | None, key: str
) -> str:
    """The id of Stripe's transaction, which Stripe reports in the period of `sold_at`, whenever it is told; or now."""
    params: TransactionCreateFromCalculationParams = {
        "calculation": calculation,
        "reference": reference,
        "metadata": metadata,
    }
    if sold_at is not None:
        params["posted_at"] = int(sold_at.timestamp())
    return (
        await change(
            lambda options: client().v1.tax.transactions.create_from_calculation_async(params, options), key=key
        )
    ).id


async def record_reversal(sale: str, *, amount: int | None, reference: str, metadata: dict[str, str], key: str) -> str:
    """Of an amount with its tax; without one, of the whole sale."""
    params: TransactionCreateReversalParams = {
        "mode": "full" if amount is None else "partial",
        "original_transaction": sale,
        "reference": reference,
        "metadata": metadata,
    }
    if amount is not None:
        params["flat_amount"] = -amount
    return (
        await change(lambda options: client().v1.tax.transactions.create_reversal_async(params, options), key=key)
    ).id


def _params(asked: TaxQuestion) -> CalculationCreateParams:
    behaviour = "inclusive" if asked.inclusive else "exclusive"
    params: CalculationCreateParams = {
        "currency": asked.currency.lower(),
        "customer_details": _customer(asked),
        "line_items": [
            {
                "amount": line.amount,
                "quantity": line.quantity,
                "reference": line.reference,
                "tax_behavior": behaviour,
                "tax_code": line.code,
            }
            for line in asked.lines
        ],
        "expand": EXPANDED,
    }
    if asked.delivery:
        params["shipping_cost"] = {
            "amount": asked.delivery,
            "tax_behavior": behaviour,
            "tax_code": asked.delivery_code,
        }
    return params


def _customer(asked: TaxQuestion) -> CalculationCreateParamsCustomerDetails:
    """Empty parts are left out."""
    there = asked.address
    parts = {"line1": there.line1, "city": there.city, "state": there.region, "postal_code": there.postcode}
    found: Any = {"country": there.country, **{name: value for name, value in parts.items() if value}}
    details: CalculationCreateParamsCustomerDetails = {"address": found, "address_source": "shipping"}
    if asked.tax_id:
        kind, number = asked.tax_id
        details["tax_ids"] = [{"type": kind, "value": number}]
    return details


def _read(answer: Any) -> TaxAnswer:
    shipping = getattr(answer, "shipping_cost", None)
    return TaxAnswer(
        calculation=answer.id,
        lines={line.reference: _line(line) for line in answer.line_items.data},
        delivery=_line(shipping) if shipping else None,
        total=answer.amount_total,
        expires_at=instant(answer.expires_at),
    )


def _line(answer: Any) -> LineTax:
    parts = tuple(_part(each) for each in getattr(answer, "tax_breakdown", None) or ())
    return LineTax(amount=answer.amount, tax=answer.amount_tax, parts=parts)


def _part(answer: Any) -> StatedTax:
    rate = getattr(answer, "tax_rate_details", None)
    return StatedTax(
        name=_name(rate.display_name, answer.jurisdiction) if rate else "",
        percent=rate.percentage_decimal if rate else "",
        net=answer.taxable_amount,
        amount=answer.amount,
        reason=answer.taxability_reason,
    )


def _name(name: str, where: Any) -> str:
    """With the place, where a country has several taxes of the same name."""
    return name if where.level == "country" else f"{name}, {where.display_name}"
