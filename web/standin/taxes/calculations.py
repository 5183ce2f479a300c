"""Tax calculations: what the tax on some lines and their delivery is, at an address. Kept for ninety days."""

from typing import Any

from web.standin.modelled import exactly, only
from web.standin.refusals import StripeRefusal, missing
from web.standin.state.books import Books, private
from web.standin.state.clock import DAY
from web.standin.taxes import codes, places, tax_settings
from web.standin.taxes.tax_rules import TaxRule

Json = dict[str, Any]
MOST_LINES, LONGEST_REFERENCE, KEPT_DAYS = 100, 500, 90
CURRENCIES = frozenset(["aud", "cad", "chf", "czk", "dkk", "eur", "gbp", "jpy", "nok", "nzd", "pln", "sek", "usd"])


def create(books: Books, params: Json) -> Json:
    only(params, ("currency", "customer_details", "line_items", "shipping_cost"))
    tax_settings.must_be_active(books)
    details = params.get("customer_details") or {}
    only(details, ("address", "address_source", "tax_ids"), within="customer_details")
    _must_be_located(details)
    currency = params["currency"].lower()
    if currency not in CURRENCIES:
        raise StripeRefusal(f"Invalid currency: {currency}.", param="currency")
    country, state = places.place_of(details["address"])
    rule = TaxRule(country, places.taxes_of(country, state), _is_reversed(details.get("tax_ids", []), country))
    lines = [_line(books, rule, at, given) for at, given in enumerate(_checked(params["line_items"]))]
    shipping = _shipping(rule, params.get("shipping_cost"))
    taxed = [*lines, *([shipping] if shipping else [])]
    on_top = sum(each["amount_tax"] for each in taxed if each["tax_behavior"] == "exclusive")
    calculation = books.make(
        "tax.calculation",
        amount_total=sum(each["amount"] for each in taxed) + on_top + tax_settings.untold(books),
        currency=currency,
        customer_details=_details(details),
        expires_at=books.moment + KEPT_DAYS * DAY,
        shipping_cost=shipping,
        tax_amount_exclusive=on_top,
        tax_amount_inclusive=sum(each["amount_tax"] for each in taxed) - on_top,
        tax_breakdown=[],
        tax_date=books.moment,
    )
    private(calculation)["lines"] = [line["id"] for line in lines]
    return calculation


def get(books: Books, wanted: str, *, param: str = "calculation", status: int = 404) -> Json:
    """Raises as for one that never was once it has expired."""
    found = books.get("tax.calculation", wanted, param=param, status=status)
    if found["expires_at"] <= books.moment:
        raise missing("tax.calculation", wanted, param=param, status=status)
    return found


def lines_of(books: Books, calculation: Json) -> list[Json]:
    return [books.get("tax.calculation_line_item", line) for line in private(calculation)["lines"]]


def _must_be_located(details: Json) -> None:
    if not details.get("address"):
        raise StripeRefusal("You must specify a customer address.", code="customer_tax_location_invalid",
                            param="customer_details[address]")  # fmt: skip
    if details.get("address_source") not in ("billing", "shipping"):
        words = "You must provide `address_source` when you provide `address`."
        raise StripeRefusal(words, code="parameter_missing", param="customer_details[address_source]")


def _is_reversed(tax_ids: list[Json], country: str) -> bool:
    """A business elsewhere in the EU. Stripe does not look a number up either."""
    is_abroad = country in places.EU and country != places.HEAD_OFFICE
    return is_abroad and any(each["type"] == "eu_vat" for each in tax_ids)


def _checked(lines: list[Json]) -> list[Json]:
    if not 1 <= len(lines) <= MOST_LINES:
        raise StripeRefusal(f"You must pass between 1 and {MOST_LINES} line items.", param="line_items")
    references = [line.get("reference") for line in lines if line.get("reference")]
    if len(set(references)) < len(references):
        raise StripeRefusal("Line item references must be unique.", param="line_items")
    return lines


def _line(books: Books, rule: TaxRule, at: int, given: Json) -> Json:
    within = f"line_items[{at}]"
    only(given, ("amount", "quantity", "reference", "tax_behavior", "tax_code"), within=within)
    if len(given.get("reference", "")) > LONGEST_REFERENCE:
        words = f"Invalid string; must be at most {LONGEST_REFERENCE} characters"
        raise StripeRefusal(words, param=f"{within}[reference]")
    if given.get("quantity", 1) < 1:
        raise StripeRefusal("Invalid positive integer", param=f"{within}[quantity]")
    amount, code, behaviour = _amount(given, within), _code(given, within, codes.GOODS), _behaviour(given)
    parts = rule.breakdown(amount, code, behaviour)
    line = books.make(
        "tax.calculation_line_item",
        amount=amount,
        amount_tax=sum(part["amount"] for part in parts),
        quantity=given.get("quantity", 1),
        reference=given.get("reference") or f"L{at + 1}",
        tax_behavior=behaviour,
        tax_breakdown=None,
        tax_code=code,
    )
    private(line)["breakdown"] = parts
    return line


def _shipping(rule: TaxRule, given: Json | None) -> Json | None:
    if not given:
        return None
    only(given, ("amount", "tax_behavior", "tax_code"), within="shipping_cost")
    amount, behaviour = _amount(given, "shipping_cost"), _behaviour(given)
    code = _code(given, "shipping_cost", codes.DELIVERY)
    parts = rule.breakdown(amount, code, behaviour)
    return {
        "amount": amount,
        "amount_tax": sum(part["amount"] for part in parts),
        "shipping_rate": None,
        "tax_behavior": behaviour,
        "tax_breakdown": parts,
        "tax_code": code,
    }


def _amount(given: Json, within: str) -> int:
    amount = given.get("amount")
    if amount is None:
        raise StripeRefusal(f"Missing required param: {within}[amount].", code="parameter_missing",
                            param=f"{within}[amount]")  # fmt: skip
    if amount < 0:
        raise StripeRefusal("This value must be greater than or equal to 0.", param=f"{within}[amount]")
    return int(amount)


def _behaviour(given: Json) -> str:
    exactly(given, "tax_behavior", "exclusive", "inclusive")
    return str(given.get("tax_behavior", "exclusive"))


def _code(given: Json, within: str, usual: str) -> str:
    code = str(given.get("tax_code") or usual)
    if code not in codes.KNOWN:
        raise missing("tax.tax_code", code, param=f"{within}[tax_code]", status=400)
    return code


def _details(given: Json) -> Json:
    parts = ("city", "line1", "line2", "postal_code", "state")
    address = {part: given["address"].get(part) or None for part in parts}
    return {
        "address": address | {"country": given["address"]["country"]},
        "address_source": given["address_source"],
        "ip_address": None,
        "tax_ids": [{"type": each["type"], "value": each["value"]} for each in given.get("tax_ids", [])],
        "taxability_override": "none",
    }
