"""Billing portal sessions: a link to the page where a customer changes the card or ends a subscription."""

import secrets
from typing import Any

from web.standin.http import hosts
from web.standin.modelled import needed, only
from web.standin.refusals import StripeRefusal
from web.standin.state import ids
from web.standin.state.books import Books

Json = dict[str, Any]


def create(books: Books, params: Json) -> Json:
    only(params, ("configuration", "customer", "flow_data", "locale", "return_url"))
    customer = books.named("customer", needed(params, "customer"), param="customer")
    home = params.get("return_url")
    if not home:
        raise StripeRefusal("The offline stand-in needs return_url to know where the shop is.", param="return_url")
    identity = ids.fresh("billing_portal.session")
    return books.make(
        "billing_portal.session",
        id=identity,
        configuration=params.get("configuration", f"bpc_{secrets.token_hex(8)}"),
        customer=customer["id"],
        locale=params.get("locale"),
        return_url=home,
        url=hosts.page(home, f"portal/{identity}"),
    )
