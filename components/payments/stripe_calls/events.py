from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from stripe import Event
from stripe.params import EventListParams

from components.foundation import json
from components.payments.connection import ask, client


@dataclass(frozen=True)
class StripeEvent:
    """One event as text, in the words it would have been delivered in."""

    id: str
    body: str
    created: int


def _text(event: Event) -> str:
    return json.dump(event.to_dict(for_json=True))


async def since(moment: datetime) -> AsyncIterator[StripeEvent]:
    """Newest first. Stripe keeps thirty days."""
    after: str | None = None
    while True:
        request: EventListParams = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
        if after is not None:
            request["starting_after"] = after
        answer = await ask(client().v1.events.list_async(request))
        for event in answer.data:
            yield StripeEvent(event.id, _text(event), event.created)
        if not answer.has_more or not answer.data:
            return
        after = answer.data[-1].id
