"""Pages for the access monitor: the shop's responses to a fictitious visitor, without network or session."""

from typing import Any

from components.foundation import clock, ids
from components.insights.access_monitor.access_monitor import Ask
from components.insights.access_monitor.access_policy import GUEST, LAPSED
from components.memberships.entitlements import hypothetical_member
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.people.sessions import SignedIn
from web.visitor import Visitor


def make_asker(shop: Any) -> Ask:
    """`shop` is the application inside the edge, which would read cookies."""

    async def ask(who: str, address: str) -> tuple[int, str]:
        path, _, query = address.partition("?")
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": "GET",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": [],
            "server": ("shop", 80), "client": None, "extensions": {},
            "request_id": ids.new().hex, "visitor": await _visitor(who),
        }  # fmt: skip
        return await _answered(shop, scope)

    return ask


async def _visitor(who: str) -> Visitor:
    at = clock.now()
    if who == GUEST:
        return Visitor(at=at)
    standing = (
        CustomerEntitlements.NONE if who == LAPSED else await hypothetical_member.holding_plan(who, since=at, at=at)
    )
    nobody = SignedIn(hypothetical_member.NOBODY, "", "", None, frozenset(), is_due=False)
    return Visitor(at=at, signed_in=nobody, standing=standing)


async def _answered(shop: Any, scope: dict[str, Any]) -> tuple[int, str]:
    status, parts = 0, []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.append(message.get("body", b""))

    await shop(scope, receive, send)
    return status, b"".join(parts).decode("utf-8", "replace")
