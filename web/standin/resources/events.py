"""Events, as they were announced."""

import json
from collections.abc import Iterator
from typing import Any

from web.standin.modelled import only
from web.standin.refusals import missing
from web.standin.state import paging
from web.standin.state.books import Books

Json = dict[str, Any]
_PENDING = "SELECT count(*) FROM deliveries WHERE event = ? AND finished IS NULL"


def get(books: Books, wanted: str) -> Json:
    row = books.connection.execute("SELECT body FROM events WHERE id = ?", (wanted,)).fetchone()
    if row is None:
        raise missing("event", wanted, param="id")
    return _shown(books, row[0])


def _shown(books: Books, body: str) -> Json:
    event: Json = json.loads(body)
    event["pending_webhooks"] = books.connection.execute(_PENDING, (event["id"],)).fetchone()[0]
    return event


def matching(books: Books, params: Json) -> Iterator[Json]:
    """Newest first, from where the page begins: a shop's events are many."""
    only(params, ("created", "delivery_success", "ending_before", "limit", "starting_after", "type", "types"))
    types = [params["type"]] if "type" in params else params.get("types", [])
    for _, kind, body in paging.newest_first(books.connection, "events", "type, body", params):
        if not types or kind in types or any(each.endswith(".*") and kind.startswith(each[:-1]) for each in types):
            event = _shown(books, body)
            if params.get("delivery_success") in (None, event["pending_webhooks"] == 0):
                yield event
