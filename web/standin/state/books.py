"""The state as seen by one request or one due change: objects read, created and changed, and their events.

Changes are made on the dicts themselves; `flush` writes those that differ from what was read.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from web.standin.contract import answers, blanks
from web.standin.contract.blanks import RESOURCES
from web.standin.contract.source import API_VERSION
from web.standin.refusals import missing
from web.standin.resources import invoice_lines
from web.standin.state import clock, columns, ids, paging
from web.standin.state.due import next_due

Json = dict[str, Any]
PRIVATE = "_"  # kept with an object, never shown


@dataclass
class Books:
    connection: sqlite3.Connection
    moment: int
    request_id: str | None = None
    idempotency_key: str | None = None
    listens_for: frozenset[str] = frozenset({"*"})
    is_strict: bool = False
    is_reading: bool = False
    announced: int = 0
    _heard: frozenset[str] | None = None
    _open: dict[str, Json] = field(default_factory=dict)
    _written: dict[str, str] = field(default_factory=dict)

    def now(self, holder: Json | None = None) -> int:
        """The test clock of `holder` when it has one, else the moment these books were opened for."""
        name = clock_of(holder) if holder else None
        if name is None:
            return self.moment
        frozen: int = self.get("test_helpers.test_clock", name)["frozen_time"]
        return frozen

    def make(self, kind: str, **fields: Any) -> Json:
        thing = blanks.blank(kind) | {PRIVATE: {}} | fields
        thing["id"] = fields.get("id") or ids.fresh(kind)
        if "created" in thing and "created" not in fields:
            thing["created"] = self.now(thing)
        self._open[thing["id"]] = thing
        return thing

    def forget(self, thing: Json) -> None:
        """For an object that was only needed for a calculation."""
        self._open.pop(thing["id"], None)

    def peek(self, wanted: str) -> Json | None:
        if wanted not in self._open:
            row = self.connection.execute("SELECT body FROM objects WHERE id = ?", (wanted,)).fetchone()
            if row is None:
                return None
            self._open[wanted] = json.loads(row[0])
            self._written[wanted] = row[0]
        return self._open[wanted]

    def get(self, kind: str, wanted: str, *, param: str = "id", status: int = 404) -> Json:
        thing = self.peek(wanted)
        if thing is None or thing["object"] != kind or thing.get("deleted"):
            raise missing(kind, wanted, param=param, status=status)
        return thing

    def named(self, kind: str, wanted: str, *, param: str) -> Json:
        """An object named by a parameter: Stripe answers 400, not 404, when there is none."""
        return self.get(kind, wanted, param=param, status=400)

    def find(self, kind: str, page: Mapping[str, Any] | None = None, /, **wanted: Any) -> Iterator[Json]:
        """Newest first. `wanted` may name the columns customer, parent, word, status and clock; `page` are the
        parameters of a list call. What is only read is not held on to."""
        if not self.is_reading:
            self.flush()
        given = {name: value for name, value in wanted.items() if value is not None}
        for found, body in paging.newest_first(self.connection, "objects", "body", page or {}, kind=kind, **given):
            thing = json.loads(body) if self.is_reading and found not in self._open else self.peek(found)
            if thing is not None and not thing.get("deleted"):
                yield thing

    def announce(self, event: str, thing: Json, *, previous: Json | None = None) -> None:
        """Stores an event with the object as it is now, and a delivery when the shop subscribes to it."""
        if clock.is_quiet():
            return
        body = blanks.blank("event") | {
            "id": ids.fresh("event"),
            "api_version": API_VERSION,
            "created": self.now(thing),
            "data": {"object": shown(thing)} | ({"previous_attributes": previous} if previous is not None else {}),
            "pending_webhooks": 1,
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key},
            "type": event,
        }
        if self.is_strict:
            self._must_fit(body)
        self.connection.execute(
            "INSERT INTO events (id, type, created, body) VALUES (?, ?, ?, ?)",
            (body["id"], event, body["created"], json.dumps(body, separators=(",", ":"))),
        )
        if self._listened_for() & {"*", event}:
            self.connection.execute("INSERT INTO deliveries (event, due) VALUES (?, ?)", (body["id"], self.moment))
            self.announced += 1

    def _listened_for(self) -> frozenset[str]:
        """The event types of the webhook endpoints; without any, those the stand-in was opened with."""
        if self._heard is None:
            query = "SELECT body FROM objects WHERE kind = 'webhook_endpoint'"
            found = [json.loads(row[0]) for row in self.connection.execute(query)]
            asked = [each for each in found if not each.get("deleted")]
            words = {word for each in asked if each["status"] == "enabled" for word in each["enabled_events"]}
            self._heard = frozenset(words) if asked else self.listens_for
        return self._heard

    def drop_changes(self) -> None:
        """Discards all changes since these books were opened; rolling back what was flushed is up to the caller."""
        self._open.clear()
        self._written.clear()

    def turn_page(self) -> None:
        """Writes what has changed and releases every object; callers that still hold one must read it again."""
        self.flush()
        self.drop_changes()

    def flush(self) -> None:
        for wanted, thing in self._open.items():
            body = json.dumps(thing, separators=(",", ":"))
            if self._written.get(wanted) != body:
                self._write(thing, body)
                self._written[wanted] = body

    def _write(self, thing: Json, body: str) -> None:
        if self.is_strict:
            self._must_fit(thing)
        instant = next_due(thing)
        values = (
            thing["object"],
            thing.get("created") or self.moment,
            *columns.searchable(thing),
            clock_of(thing),
            instant,
        )
        self.connection.execute(
            "INSERT INTO objects (id, kind, created, customer, parent, word, status, clock, due, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET created = excluded.created, customer = excluded.customer,"
            " parent = excluded.parent, word = excluded.word, status = excluded.status, clock = excluded.clock,"
            " due = excluded.due, body = excluded.body",
            (thing["id"], *values, body),
        )

    def _must_fit(self, thing: Json) -> None:
        if thing.get("deleted"):
            return
        faults = answers.answer_faults(shown(thing), {"record": RESOURCES[thing["object"]]}, thing["object"])
        if faults:
            raise MalformedAnswer(faults)


class MalformedAnswer(AssertionError):
    """The stand-in created an object that the installed SDK would not know."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))


def private(thing: Json) -> Json:
    found: Json = thing.setdefault(PRIVATE, {})
    return found


def shown(thing: Json) -> Json:
    """The object as Stripe's caller sees it, sharing nothing that may change later."""
    visible: Json = json.loads(json.dumps({name: value for name, value in thing.items() if name != PRIVATE}))
    return invoice_lines.embedded(visible) if visible.get("object") == "invoice" else visible


def clock_of(thing: Json) -> str | None:
    """Customers, subscriptions and invoices name their test clock; dependent objects store it privately."""
    if thing["object"] == "test_helpers.test_clock":
        return None
    name = thing.get("test_clock") or thing.get(PRIVATE, {}).get("clock")
    return name if isinstance(name, str) else None
