"""What a guest had typed at the checkout, kept in their browser while they confirm their e-mail to join."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.datastructures import Cookie
from msgspec import DecodeError

from components.content.pages import agreements
from components.foundation import json, settings
from components.people import sign_in_links
from web.forms.address_fields import KEPT
from web.forms.invoice_fields import KEPT_OF_BUYER, PREFIX
from web.shop.checkout.checkout_form import CheckoutForm

FIELDS = (*KEPT, *(PREFIX + name for name in KEPT_OF_BUYER), "method", "vat_number", "agreed_to", "join")
TICKS = ("agrees", "begins_now", "invoice_elsewhere", "keeps_credit", "news", "saves_card")
_COOKIE, _PATH, _LONGEST = "pending-checkout", "/checkout", 4000
R = TypeVar("R", bound=Response[Any])


def kept_by(response: R, form: CheckoutForm) -> R:
    """Nothing is kept of an address that no cookie has room for."""
    return _kept(response, {name: form.values.get(name) or "" for name in (*FIELDS, *TICKS)})


def joined_by(response: R, request: Request[Any, Any, Any], join: str) -> R:
    """Another membership was chosen since, or none: what is kept says so from now on."""
    found = _found(request)
    return _kept(response, {**found, "join": join}) if found and found.get("join", "") != join else response


def _kept(response: R, typed: dict[str, Any]) -> R:
    value = urlsafe_b64encode(json.dump(typed).encode()).decode()
    return _with(response, value if len(value) <= _LONGEST else "", int(sign_in_links.LASTS.total_seconds()))


def typed_before(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """For the form, which checks it again; empty when nothing readable was kept.

    The box of the terms is ticked again only where they are the very versions that were agreed to.
    """
    found = _found(request)
    typed: dict[str, Any] = {name: found[name] for name in FIELDS if isinstance(found.get(name), str) and found[name]}
    asked, seen = agreements.asked(), typed.pop("agreed_to", "")
    ticked = {name for name in TICKS if found.get(name) is True}
    if asked is None or asked.seen != seen:
        ticked.discard("agrees")
    return typed | dict.fromkeys(ticked, True)


def _found(request: Request[Any, Any, Any]) -> dict[str, Any]:
    try:
        kept = json.load(urlsafe_b64decode(request.cookies.get(_COOKIE, "").encode()).decode())
    except (ValueError, DecodeError):
        return {}
    return kept if isinstance(kept, dict) else {}


def forgotten_by(response: R, request: Request[Any, Any, Any]) -> R:
    return _with(response, "", 0) if _COOKIE in request.cookies else response


def _with(response: R, value: str, max_age: int) -> R:
    is_https = settings.current().is_https
    cookie = Cookie(
        key=_COOKIE, value=value, path=_PATH, max_age=max_age, httponly=True, samesite="lax", secure=is_https
    )
    response.set_cookie(cookie)
    return response
