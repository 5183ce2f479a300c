"""Where a request came from: the nearest address that is not one of our own proxies."""

from ipaddress import ip_address, ip_network
from typing import Any

from components.foundation import settings
from components.foundation.settings import Network

LONGEST = 60
FORWARDED = b"x-forwarded-for"


def client_address(scope: Any) -> str:
    """X-Forwarded-For counts only as far as named proxies wrote it: from the right, up to the first other address."""
    nearest = _peer(scope)
    networks = settings.current().proxy_networks
    if not networks or not is_within(nearest, networks):
        return nearest[:LONGEST]
    hops = forwarded(scope)
    while hops and is_within(nearest, networks):
        nearest = _without_port(hops.pop())
    return nearest[:LONGEST]


def neighbourhood(scope: Any) -> str:
    """For counting: an IPv6 connection has 2⁶⁴ addresses, and its network is used for all of them."""
    address = client_address(scope)
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def may_read_metrics(scope: Any) -> bool:
    """From a network named in METRICS_FROM; none named, from this machine in a shop that is not in production.

    A named proxy that does not say for whom it asks opens nothing, and neither does any proxy that is not named.
    """
    known, peer = settings.current(), _peer(scope)
    is_through_proxy = is_within(peer, known.proxy_networks)
    if is_through_proxy != bool(forwarded(scope)):
        return False
    if known.metrics_networks:
        return is_within(client_address(scope), known.metrics_networks)
    return not known.is_production and not is_through_proxy and is_loopback(peer)


def forwarded(scope: Any) -> list[str]:
    """Every hop that X-Forwarded-For names, in order; a header that is sent twice goes on where it stopped."""
    written = b",".join(value for name, value in scope["headers"] if name == FORWARDED).decode("latin-1")
    return [hop.strip() for hop in written.split(",") if hop.strip()]


def is_within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    own = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(own in network for network in networks)


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address in {"testclient", "localhost"}


def _peer(scope: Any) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _without_port(hop: str) -> str:
    """`203.0.113.7:4711` and `[2001:db8::1]:4711`, as some proxies write them."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
