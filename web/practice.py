"""The mailbox of a practice shop: letters that are not posted can be read by whoever sits at this machine."""

from urllib.parse import urlsplit

from components.foundation import settings

_OWN_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_NEVER_PUBLIC = (".test", ".localhost")


def mailbox_is_open() -> bool:
    """Only where no letter leaves, no payment is real, and the address is one that nobody else can reach."""
    known = settings.current()
    host = urlsplit(known.base_url).hostname or ""
    is_private = host in _OWN_MACHINE or host.endswith(_NEVER_PUBLIC)
    return is_private and known.is_offline and not known.smtp_url and not known.is_production


def mailbox_address() -> str:
    """Where the practice mailbox is; empty when there is none."""
    return "/mailbox" if mailbox_is_open() else ""
