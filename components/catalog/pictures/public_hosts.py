"""Which addresses of the internet are public: the shop asks nobody else on behalf of a file that somebody uploaded."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

SECONDS = 10
_TRANSLATED = ip_network("64:ff9b::/96")
"""Its last four bytes are an IPv4 address behind a translator."""


def is_public(address: str) -> bool:
    """False for this machine, its network, and every other range that is nobody's on the internet."""
    try:
        found = ip_address(address.split("%")[0])
    except ValueError:
        return False
    inner = _inner(found) if isinstance(found, IPv6Address) else None
    if inner is not None:
        return _is_everybodys(inner)
    return _is_everybodys(found)


def _is_everybodys(address: IPv4Address | IPv6Address) -> bool:
    is_odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not is_odd and not getattr(address, "is_site_local", False)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that this one leads to."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    tunnelled = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or tunnelled


async def resolve(host: str, port: int) -> list[str]:
    """Every address of this name. Raises `OSError` when there is none, `TimeoutError` when nobody answers."""
    asked = asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = await asyncio.wait_for(asked, SECONDS)
    return list(dict.fromkeys(str(one[4][0]) for one in found))
