"""Over https every cookie of the shop is called `__Host-…`: bound to this host, and nobody below it can set it.

The rest of the shop knows its cookies by their plain names. Browsers refuse the prefix over plain http.
"""

PREFIX = "__Host-"
Headers = list[tuple[bytes, bytes]]


def received(headers: Headers) -> Headers:
    """As the shop reads them. A cookie without the prefix may have been set by another host below the same domain."""
    return [(name, _own(value) if name == b"cookie" else value) for name, value in headers]


def sent(headers: Headers) -> Headers:
    """As browsers get them."""
    return [(name, _prefixed(value) if name.lower() == b"set-cookie" else value) for name, value in headers]


def _own(written: bytes) -> bytes:
    parts = (part.strip() for part in written.decode("latin-1").split(";"))
    return "; ".join(part.removeprefix(PREFIX) for part in parts if part.startswith(PREFIX)).encode("latin-1")


def _prefixed(written: bytes) -> bytes:
    """The prefix asks for Secure, for the whole host's path, and for no domain."""
    pair, *attributes = (part.strip() for part in written.decode("latin-1").split(";"))
    kept = [one for one in attributes if one.lower().partition("=")[0] not in {"path", "domain", "secure"}]
    name = pair if pair.startswith(PREFIX) else PREFIX + pair
    return "; ".join([name, *kept, "Path=/", "Secure"]).encode("latin-1")
