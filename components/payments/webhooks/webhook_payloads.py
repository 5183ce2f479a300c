"""The fields read from a delivered event. Nothing else in it is trusted."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from components.foundation import json
from components.payments.stripe_calls.stripe_values import instant
from components.payments.webhooks.signatures import BadDelivery

ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


@dataclass(frozen=True)
class WebhookPayload:
    id: str
    type: str
    object_kind: str
    object_id: str
    is_live: bool
    account: str | None
    happened_at: datetime
    body: str


def parse(body: bytes) -> WebhookPayload:
    """Raises `BadDelivery` for anything that is not an event."""
    try:
        return _delivery(json.load(body), body.decode())
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as trouble:
        raise BadDelivery("The delivery is not an event.") from trouble


def _delivery(event: dict[str, Any], body: str) -> WebhookPayload:
    if event["object"] != "event":
        raise ValueError("not an event")
    about = event["data"]["object"]
    return WebhookPayload(
        id=_plain(event["id"]),
        type=_plain(event["type"]),
        object_kind=_plain(about["object"])[:60],
        object_id=_plain(about["id"]) if about.get("id") else "",
        is_live=event["livemode"] is True,
        account=event.get("account"),
        happened_at=instant(event["created"]),
        body=body,
    )


def _plain(word: str) -> str:
    if not ID.fullmatch(word):
        raise ValueError("not an id")
    return word
