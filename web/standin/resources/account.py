"""The only account."""

from typing import Any

from web.standin.contract import blanks
from web.standin.state.books import Books

Json = dict[str, Any]
ID = "acct_offline"


def show(books: Books) -> Json:
    return blanks.blank("account") | {
        "id": ID,
        "business_type": "company",
        "charges_enabled": True,
        "country": "GB",
        "created": 0,
        "default_currency": "gbp",
        "details_submitted": True,
        "metadata": {},
        "payouts_enabled": False,
        "type": "standard",
    }
