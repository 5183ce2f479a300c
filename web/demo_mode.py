"""The mailbox of a demo shop: unsent e-mails can be read by anybody at this machine."""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from components.foundation import settings
from components.payments.stripe_account import practice_place

_OWN_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_NEVER_PUBLIC = (".test", ".localhost")
_FORWARDED = ("x-forwarded-for", "x-forwarded-host", "forwarded", "via")


def mailbox_is_open() -> bool:
    """Only where no e-mail is sent, no payment is real, and nobody else can reach the shop."""
    known = settings.current()
    is_private = listens_privately() and _is_private(known.base_url)
    return is_private and known.is_offline and not known.smtp_url and not known.is_production


def listens_privately() -> bool:
    """Whether only this machine reaches the socket. Who offers the practice pages to a network says so."""
    known = settings.current()
    return known.host in _OWN_MACHINE or (known.practice_pages == "network" and not known.is_production)


def was_passed_on(scope: Any) -> bool:
    """By a proxy: whoever is behind it may be anybody, whatever host name they say."""
    return any(name.decode("latin-1") in _FORWARDED for name, _ in scope["headers"])


def controls_are_offered() -> bool:
    """Whether pages lead to the practice controls: not where they would be refused."""
    return listens_privately() and not practice_place.is_public(settings.current().base_url)


def is_at_this_machine(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Neither through a proxy, nor under a host name that somebody else may have given this machine."""
    if was_passed_on(connection.scope):
        return False
    return _is_private(f"//{connection.headers.get('host', '')}")


def mailbox_address() -> str:
    """The address of the demo mailbox; empty when there is none."""
    return "/mailbox" if mailbox_is_open() else ""


def _is_private(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return host in _OWN_MACHINE or host.endswith(_NEVER_PUBLIC)
