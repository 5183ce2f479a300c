"""What the law of the seller's country says of invoices: who must get one, how long they are kept, and what a small one
may leave out."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from components.foundation import json
from components.foundation.shop_settings import shop_settings


@dataclass(frozen=True, kw_only=True)
class InvoiceRules:
    """`years` count from the end of the year of issue. `simplified` is the largest total of an invoice that need not
    name its buyer, with its currency. `restarts`: numbers begin anew each year, by custom. `owed_to` is who must get
    one: `businesses`, `everybody`, who has `asked`; "" where no law known here asks for one."""

    owed_to: str
    years: int
    simplified: tuple[int, str] | None
    restarts: bool
    law: str


@cache
def _known() -> dict[str, InvoiceRules]:
    data = json.load((Path(__file__).parent / "invoice_rules.json").read_text())
    said = {**data["countries"], "": data["else"]}
    return {
        country: InvoiceRules(**{**one, "simplified": tuple(one["simplified"]) if one["simplified"] else None})
        for country, one in said.items()
    }


def of(country: str) -> InvoiceRules:
    return _known().get(country) or _known()[""]


def current() -> InvoiceRules:
    return of(shop_settings.current().country)


def keep_until(issued_on: date, country: str) -> date:
    """The last day on which the law asks to keep it."""
    return date(issued_on.year + of(country).years, 12, 31)


def may_be_simplified(total: int, currency: str, country: str) -> bool:
    limit = of(country).simplified
    return limit is not None and limit[1] == currency and abs(total) <= limit[0]


def restarts_yearly() -> bool:
    """What the shop says, else what its country does."""
    said = shop_settings.current().invoice_years
    return said == "yearly" or (said == "country" and current().restarts)
