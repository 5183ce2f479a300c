from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING

from components.foundation import json
from components.payments.stripe_connection import call, client

if TYPE_CHECKING:
    from stripe.params import EventListParams


async def since(moment: datetime) -> AsyncIterator[str]:
    """Raw events as they would have been delivered, the newest first. Stripe keeps thirty days."""
    after: str | None = None
    while True:
        request: EventListParams = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
        if after is not None:
            request["starting_after"] = after
        answer = await call(functools.partial(client().v1.events.list_async, request))
        for event in answer.data:
            yield json.dump(event.to_dict(for_json=True))
        if not answer.has_more or not answer.data:
            return
        after = answer.data[-1].id
