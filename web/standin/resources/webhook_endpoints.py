"""Webhook endpoints. All deliveries go to one address, the shop's own; endpoints only choose the events."""

import secrets
from typing import Any

from web.standin.modelled import merged, only
from web.standin.state.books import Books

Json = dict[str, Any]


def create(books: Books, params: Json) -> Json:
    only(params, ("api_version", "description", "enabled_events", "metadata", "url"))
    endpoint = books.make(
        "webhook_endpoint",
        api_version=params.get("api_version"),
        description=params.get("description") or None,
        enabled_events=params["enabled_events"],
        metadata=merged({}, params.get("metadata")),
        status="enabled",
        url=params["url"],
    )
    return endpoint | {"secret": f"whsec_{secrets.token_hex(16)}"}


def update(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("description", "disabled", "enabled_events", "metadata", "url"))
    endpoint = books.get("webhook_endpoint", wanted)
    endpoint |= {name: params[name] for name in ("description", "enabled_events", "url") if name in params}
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    endpoint["metadata"] = merged(endpoint["metadata"], params.get("metadata"))
    return endpoint


def delete(books: Books, wanted: str) -> Json:
    books.get("webhook_endpoint", wanted)["deleted"] = True
    return {"id": wanted, "object": "webhook_endpoint", "deleted": True}
