"""The stand-in serves a shop on this machine or in its own network, never a publicly reachable one."""

import ipaddress
from urllib.parse import urlsplit

from web.standin.refusals import StripeRefusal

MOUNT = "/offline-payments"
API_HOST = "offline-payments.invalid"
API_BASE = f"http://{API_HOST}"
HOME_ENDINGS = (".localhost", ".local", ".test", ".invalid", ".example", ".internal", ".lan", ".home.arpa")


def is_at_home(host: str) -> bool:
    """Loopback and private addresses, single-word names, and the endings reserved for tests and home networks."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.endswith(HOME_ENDINGS))
    return address.is_loopback or address.is_private


def must_be_at_home(url: str, *, param: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StripeRefusal("Not a valid URL", code="url_invalid", param=param)
    if not is_at_home(parts.hostname):
        words = f"Offline payments refuse the public host {parts.hostname}: a shop there needs a real Stripe key."
        raise StripeRefusal(words, param=param)


def page(shop_url: str, path: str) -> str:
    """The address of a page of the stand-in, on the same host as a page of the shop."""
    parts = urlsplit(shop_url)
    return f"{parts.scheme}://{parts.netloc}{MOUNT}/{path}"
