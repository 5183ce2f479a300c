"""Where the account collects tax, and at which rates: a few places that show every kind of answer. Pure.

The rates are those that were published in 2026 for one town of each place. Stripe knows many more, and the day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale

from web.standin.refusals import StripeRefusal

HEAD_OFFICE = "GB"
EU = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip


@dataclass(frozen=True)
class Jurisdiction:
    """`percent` as Stripe writes it: with as many decimals as the rate has."""

    country: str
    name: str
    level: str
    kind: str
    label: str
    percent: str
    state: str | None = None


def _vat(country: str, name: str, percent: str, *, kind: str = "vat", label: str = "VAT") -> tuple[Jurisdiction, ...]:
    return (Jurisdiction(country, name, "country", kind, label, percent),)


def _sales(state: str, *parts: tuple[str, str, str]) -> tuple[Jurisdiction, ...]:
    return tuple(Jurisdiction("US", name, level, "sales_tax", "Sales Tax", rate, state) for name, level, rate in parts)


def _canadian(state: str, *parts: tuple[str, str, str]) -> tuple[Jurisdiction, ...]:
    return tuple(
        Jurisdiction("CA", name, "state" if kind in ("pst", "qst") else "country", kind, kind.upper(), rate, state)
        for name, kind, rate in parts
    )


COUNTRIES: Mapping[str, tuple[Jurisdiction, ...]] = {
    "AT": _vat("AT", "Austria", "20"),
    "AU": _vat("AU", "Australia", "10", kind="gst", label="GST"),
    "CH": _vat("CH", "Switzerland", "8.1"),
    "DE": _vat("DE", "Germany", "19"),
    "ES": _vat("ES", "Spain", "21"),
    "FR": _vat("FR", "France", "20"),
    "GB": _vat("GB", "United Kingdom", "20"),
    "IE": _vat("IE", "Ireland", "23"),
    "IT": _vat("IT", "Italy", "22"),
    "NL": _vat("NL", "Netherlands", "21"),
    "NO": _vat("NO", "Norway", "25"),
}
BOOKS = {"DE": "7", "FR": "5.5", "GB": "0", "IE": "0", "IT": "4", "NL": "9"}
STATES: Mapping[tuple[str, str], tuple[Jurisdiction, ...]] = {
    ("CA", "AB"): _canadian("AB", ("Canada", "gst", "5")),
    ("CA", "BC"): _canadian("BC", ("Canada", "gst", "5"), ("British Columbia", "pst", "7")),
    ("CA", "ON"): _canadian("ON", ("Canada", "hst", "13")),
    ("CA", "QC"): _canadian("QC", ("Canada", "gst", "5"), ("Quebec", "qst", "9.975")),
    ("US", "CA"): _sales("CA", ("California", "state", "6"), ("Los Angeles County", "county", "0.25"),
                         ("Los Angeles District", "district", "3.5")),
    ("US", "NJ"): _sales("NJ", ("New Jersey", "state", "6.625")),
    ("US", "NY"): _sales("NY", ("New York", "state", "4"), ("New York City", "city", "4.5"),
                         ("Metropolitan Commuter District", "district", "0.375")),
    ("US", "TX"): _sales("TX", ("Texas", "state", "6.25"), ("Austin", "city", "2")),
    ("US", "WA"): _sales("WA", ("Washington", "state", "6.5"), ("Seattle", "city", "3.85")),
}  # fmt: skip
_ZIPS = (
    ("NJ", 70, 89), ("NY", 100, 149), ("TX", 750, 799), ("CA", 900, 961), ("OR", 970, 979), ("WA", 980, 994),
)  # fmt: skip
"""The first three digits of the ZIP codes of the states that are modelled."""


def place_of(address: Mapping[str, Any]) -> tuple[str, str]:
    """Country and state. What Stripe needs to know of an address: a ZIP code in the United States, a province or a
    postal code in Canada, elsewhere the country. Raises as Stripe does where that cannot be found."""
    country = address.get("country", "")
    if country not in Locale("en").territories or len(country) != 2:
        words = f"Country '{country}' is unknown. Try using a 2-character alphanumeric country code instead."
        raise StripeRefusal(words, param="customer_details[address][country]")
    state = (address.get("state") or "").removeprefix(f"{country}-").upper()
    postcode = (address.get("postal_code") or "").strip().upper()
    if country == "US":
        return country, _american(postcode, state)
    if country == "CA":
        return country, _province(postcode, state)
    return country, state


def _american(postcode: str, state: str) -> str:
    if not re.fullmatch(r"\d{5}(-\d{4})?", postcode) or postcode.startswith("000"):
        raise not_located("postal_code")
    found = next((name for name, first, last in _ZIPS if first <= int(postcode[:3]) <= last), "")
    is_other = found or state in {name for name, _, _ in _ZIPS}
    if state and is_other and found != state:
        raise not_located("state")
    return found or state


def _province(postcode: str, state: str) -> str:
    if state:
        return state
    if not re.fullmatch(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", postcode):
        raise not_located("postal_code")
    return {"V": "BC", "T": "AB", "G": "QC", "H": "QC", "J": "QC"}.get(postcode[0], "ON")


def not_located(part: str) -> StripeRefusal:
    words = "We could not determine the customer's tax location based on the provided customer address."
    return StripeRefusal(words, code="customer_tax_location_invalid", param=f"customer_details[address][{part}]")


def taxes_of(country: str, state: str) -> tuple[Jurisdiction, ...]:
    """None where the account collects no tax."""
    return STATES.get((country, state), ()) if country in ("US", "CA") else COUNTRIES.get(country, ())
