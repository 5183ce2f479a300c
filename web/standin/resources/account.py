"""The one account there is."""

from typing import Any

from web.standin import contract
from web.standin.books import Books

Json = dict[str, Any]
ID = "acct_offline"


def show(books: Books) -> Json:
    return contract.blank("account") | {
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
