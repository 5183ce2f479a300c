"""Stripe Tax at the stand-in: as strict as Stripe about addresses, codes and references; and what it answers."""

from typing import Any

import pytest
import stripe

from tests.support.cells import every_cell
from tests.web.standin.desk import Desk

LONDON = {"country": "GB", "postal_code": "N1 9GU"}
SEATTLE = {"country": "US", "state": "WA", "postal_code": "98104", "city": "Seattle", "line1": "920 5th Ave"}
EXPANDED = ["line_items.data.tax_breakdown", "shipping_cost.tax_breakdown"]


def asked(address: dict[str, str], *amounts: int, currency: str = "gbp", **more: Any) -> dict[str, Any]:
    behaviour = more.pop("behaviour", "exclusive")
    code = more.pop("code", "txcd_99999999")
    lines = [
        {"amount": amount, "reference": str(at), "tax_behavior": behaviour, "tax_code": code}
        for at, amount in enumerate(amounts or (1000,), 1)
    ]
    details = {"address": address, "address_source": "shipping", **more.pop("details", {})}
    return {"currency": currency, "line_items": lines, "customer_details": details, "expand": EXPANDED, **more}


async def refused(desk: Desk, params: dict[str, Any]) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await desk.v1.tax.calculations.create_async(params)
    return refusal.value


async def test_tax_is_added_by_each_jurisdiction_and_contained_once(desk: Desk) -> None:
    found = await desk.v1.tax.calculations.create_async(
        asked(SEATTLE, 1499, currency="usd", shipping_cost={"amount": 500, "tax_behavior": "exclusive"})
    )
    (line,) = found.line_items.data
    assert (line.amount_tax, [part.amount for part in line.tax_breakdown]) == (155, [97, 58])
    assert [part.tax_rate_details.percentage_decimal for part in line.tax_breakdown] == ["6.5", "3.85"]
    assert (found.shipping_cost.amount_tax, found.tax_amount_exclusive, found.amount_total) == (52, 207, 2206)
    british = await desk.v1.tax.calculations.create_async(asked(LONDON, 1199, behaviour="inclusive"))
    assert (british.amount_total, british.tax_amount_inclusive, british.tax_amount_exclusive) == (1199, 200, 0)
    plain = await desk.v1.tax.calculations.retrieve_async(found.id)
    assert plain.line_items is None, "the lines are only shown when they are expanded"


@every_cell(
    ("address", "part"),
    [
        ({"country": "US", "state": "WA"}, "postal_code"),
        ({"country": "US", "state": "WA", "postal_code": "9810"}, "postal_code"),
        ({"country": "US", "state": "TX", "postal_code": "98104"}, "state"),
        ({"country": "CA"}, "postal_code"),
    ],
)
async def test_an_address_needs_what_its_country_is_taxed_by(desk: Desk, address: dict[str, str], part: str) -> None:
    refusal = await refused(desk, asked(address, currency="usd"))
    assert (refusal.code, refusal.param) == ("customer_tax_location_invalid", f"customer_details[address][{part}]")


async def test_what_stripe_would_refuse_is_refused(desk: Desk) -> None:
    assert (await refused(desk, asked({"country": "UK"}))).param == "customer_details[address][country]"
    assert (await refused(desk, asked(LONDON, currency="xyz"))).param == "currency"
    assert (await refused(desk, asked(LONDON, code="txcd_1"))).code == "resource_missing"
    assert (await refused(desk, asked(LONDON, -1))).param == "line_items[0][amount]"
    assert (await refused(desk, asked(LONDON, *[1] * 101))).param == "line_items"
    twice = asked(LONDON, 1, 2)
    twice["line_items"][1]["reference"] = "1"
    assert (await refused(desk, twice)).param == "line_items"
    no_source = asked(LONDON)
    del no_source["customer_details"]["address_source"]
    assert (await refused(desk, no_source)).code == "parameter_missing"
    desk.standin.fault("tax_inactive")
    assert (await refused(desk, asked(LONDON))).code == "stripe_tax_inactive"
    assert (await desk.v1.tax.settings.retrieve_async()).status == "pending"


async def test_a_business_elsewhere_in_the_eu_and_places_without_registration(desk: Desk) -> None:
    business = {"tax_ids": [{"type": "eu_vat", "value": "DE136695976"}]}
    found = await desk.v1.tax.calculations.create_async(
        asked({"country": "DE"}, behaviour="inclusive", details=business)
    )
    reasons = [part.taxability_reason for part in found.line_items.data[0].tax_breakdown]
    assert (found.tax_amount_inclusive, reasons) == (0, ["reverse_charge"])
    for address in ({"country": "BR"}, {"country": "US", "state": "OR", "postal_code": "97201"}):
        untaxed = await desk.v1.tax.calculations.create_async(asked(address))
        (part,) = untaxed.line_items.data[0].tax_breakdown
        assert (part.amount, part.taxability_reason, part.tax_rate_details) == (0, "not_collecting", None)
    book = await desk.v1.tax.calculations.create_async(asked(LONDON, code="txcd_35010000"))
    assert book.line_items.data[0].tax_breakdown[0].taxability_reason == "zero_rated"


async def test_a_sale_is_recorded_once_and_given_back_at_most_whole(desk: Desk) -> None:
    found = await desk.v1.tax.calculations.create_async(asked(LONDON, 1000, 2000))
    sale = {"calculation": found.id, "reference": "K-1"}
    made = await desk.v1.tax.transactions.create_from_calculation_async({**sale, "expand": ["line_items"]})
    assert [line.amount_tax for line in made.line_items.data] == [200, 400]
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        await desk.v1.tax.transactions.create_from_calculation_async(sale)
    part = {"mode": "partial", "original_transaction": made.id, "reference": "K-1-a", "flat_amount": -3000}
    back = await desk.v1.tax.transactions.create_reversal_async(part)
    assert (back.type, back.reversal.original_transaction) == ("reversal", made.id)
    for wrong in (
        {**part, "reference": "K-1-b", "flat_amount": -601},
        {**part, "reference": "K-1-b", "flat_amount": 5},
        {**part, "reference": "K-1-a", "flat_amount": -1},
        {"mode": "partial", "original_transaction": made.id, "reference": "K-1-b"},
        {**part, "reference": "K-1-b", "original_transaction": back.id, "flat_amount": -1},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            await desk.v1.tax.transactions.create_reversal_async(wrong)
    rest = {"mode": "full", "original_transaction": made.id, "reference": "K-1-c"}
    await desk.v1.tax.transactions.create_reversal_async(rest)
    with pytest.raises(stripe.InvalidRequestError, match="fully reversed"):
        await desk.v1.tax.transactions.create_reversal_async({**rest, "reference": "K-1-d"})


async def test_a_calculation_expires_after_ninety_days(desk: Desk) -> None:
    found = await desk.v1.tax.calculations.create_async(asked(LONDON))
    assert found.expires_at - desk.seconds() == 90 * 86400
    desk.advance(days=90)
    with pytest.raises(stripe.InvalidRequestError, match="No such calculation"):
        await desk.v1.tax.transactions.create_from_calculation_async({"calculation": found.id, "reference": "K-2"})
