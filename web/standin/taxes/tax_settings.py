"""The account's tax settings: set up, unless the control page says that they are not."""

from typing import Any

from web.standin.contract import blanks
from web.standin.http import faults
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books
from web.standin.taxes import codes, places

Json = dict[str, Any]


def show(books: Books) -> Json:
    is_active = not _is_missing(books)
    address = {"city": None, "line1": None, "line2": None, "postal_code": None, "state": None}
    return blanks.blank("tax.settings") | {
        "defaults": {"provider": "stripe", "tax_behavior": "inferred_by_currency", "tax_code": codes.GOODS},
        "head_office": {"address": address | {"country": places.HEAD_OFFICE}} if is_active else None,
        "status": "active" if is_active else "pending",
        "status_details": {"active": {}} if is_active else {"pending": {"missing_fields": ["head_office"]}},
    }


def must_be_active(books: Books) -> None:
    if _is_missing(books):
        words = "You must have a valid head office address to enable automatic tax calculation in test mode."
        raise StripeRefusal(words, code="stripe_tax_inactive")


def untold(books: Books) -> int:
    """What a calculation comes to beside its lines."""
    return 28 if "tax_untold" in faults.ordered(books.connection) else 0


def _is_missing(books: Books) -> bool:
    return "tax_inactive" in faults.ordered(books.connection)
