"""`/v1/…` as Stripe answers it: authentication, routing, idempotency, and a check of every response before it is
sent."""

import json
import logging
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from web.standin.contract import answers, limits, parameters
from web.standin.contract.parameters import BadParameter
from web.standin.contract.source import API_VERSION
from web.standin.http import expansion, faults, form_encoding, idempotency, keys, routes
from web.standin.http.idempotency import StoredAnswer
from web.standin.http.routes import Route
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, MalformedAnswer
from web.standin.state.engine import StandInEngine

Json = dict[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """`fields` is the form-encoded body, or the query of a GET; header names are in lower case."""

    verb: str
    path: str
    fields: str
    headers: Mapping[str, str]

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key") if self.verb == "POST" else None


@dataclass(frozen=True)
class Reply:
    status: int
    body: str
    headers: dict[str, str]


class Unanswered(Exception):
    """The ordered fault `timeout`: the request is carried out, and no response is sent."""


class Api:
    def __init__(self, engine: StandInEngine) -> None:
        self.engine = engine
        self._under_way: set[str] = set()

    def reply(self, call: Call) -> Reply:
        return self._replied(call, self._alone)

    def carried_out(self, call: Call) -> Reply:
        """For a caller that holds the key by `in_use` itself."""
        return self._replied(call, self._kept_or_new)

    def is_in_use(self, call: Call) -> bool:
        return call.key is not None and call.key in self._under_way

    @contextmanager
    def in_use(self, call: Call) -> Iterator[None]:
        if call.key is None:
            yield
            return
        self._under_way.add(call.key)
        try:
            yield
        finally:
            self._under_way.discard(call.key)

    def is_a_change(self, call: Call) -> bool:
        found = routes.found(call.verb, call.path)
        return found is not None and found[0].effect == "changes"

    def _replied(self, call: Call, answer: Callable[[Call, str], tuple[StoredAnswer, bool]]) -> Reply:
        request_id = f"req_{secrets.token_hex(7)}"
        headers = {"content-type": "application/json", "request-id": request_id, "stripe-version": API_VERSION}
        try:
            stored, is_replay = answer(call, request_id)
        except StripeRefusal as refusal:
            stored, is_replay = _as_stored(refusal), False
        if call.key:
            headers["idempotency-key"] = call.key
        if is_replay:
            headers["idempotent-replayed"] = "true"
        return Reply(stored.status, stored.body, headers)

    def _alone(self, call: Call, request_id: str) -> tuple[StoredAnswer, bool]:
        """A key whose request is being answered in another thread is a conflict, as at Stripe."""
        if call.key is None:
            return self._kept_or_new(call, request_id)
        if self.is_in_use(call):
            raise idempotency.in_use(call.key)
        with self.in_use(call):
            return self._kept_or_new(call, request_id)

    def _kept_or_new(self, call: Call, request_id: str) -> tuple[StoredAnswer, bool]:
        _must_be_known(call)
        self._fault_before(call)
        found = routes.found(call.verb, call.path)
        if found is None:
            raise StripeRefusal(f"Unrecognized request URL ({call.verb}: {call.path}).", status=404)
        route, ids = found
        params = _read(route, call)
        if route.effect == "changes":
            return self._changed(call, route, ids, params, request_id)
        view = self.engine.trying if route.effect == "tries" else self.engine.reading
        with view() as books:
            return StoredAnswer(200, self._answer(books, route, ids, params)), False

    def _changed(
        self, call: Call, route: Route, ids: list[str], params: Json, request_id: str
    ) -> tuple[StoredAnswer, bool]:
        if call.key is None:
            return self._commit(call, route, ids, params, request_id), False
        with self.engine.store.reading() as connection:
            known = idempotency.stored_report(connection, call.key, _fingerprint(call), self.engine.moment())
        return (known, True) if known else (self._commit(call, route, ids, params, request_id), False)

    def _commit(self, call: Call, route: Route, ids: list[str], params: Json, request_id: str) -> StoredAnswer:
        lost: faults.Kind | None = None
        with self.engine.changing(request_id=request_id, key=call.key) as books:
            known = _known(books, call)
            if known:
                return known
            stored = self._done(books, route, ids, params)
            if call.key:
                idempotency.keep(books.connection, call.key, _fingerprint(call), stored, books.moment)
            lost = _lost_answer(books.connection)
        if lost == "timeout":
            raise Unanswered(call.path)
        if lost == "error_after_commit":
            raise StripeRefusal("An unknown error occurred.", status=500, kind="api_error")
        return stored

    def _done(self, books: Books, route: Route, ids: list[str], params: Json) -> StoredAnswer:
        """A refusal rolls back what the request had changed, unless it says otherwise."""
        books.connection.execute("SAVEPOINT request")
        try:
            return StoredAnswer(200, self._answer(books, route, ids, params))
        except StripeRefusal as refusal:
            if not refusal.keeps_changes:
                books.drop_changes()
                books.connection.execute("ROLLBACK TO request")
            return _as_stored(refusal)

    def _answer(self, books: Books, route: Route, ids: list[str], params: Json) -> str:
        expand = params.pop("expand", [])
        answer = expansion.expanded(books, route.answer(books, ids, params), expand)
        wrong = answers.answer_faults(answer, route.operation.answer, f"{route.verb} {route.path}")
        if wrong and self.engine.is_strict:
            raise MalformedAnswer(wrong)
        if wrong:
            log.error("stand-in: an answer Stripe would not give: %s", "; ".join(wrong[:5]))
        return json.dumps(answer)

    def _fault_before(self, call: Call) -> None:
        with self.engine.store.reading() as connection:
            if not faults.ordered(connection):
                return
        with self.engine.store.changing() as connection:
            is_down = faults.strikes(connection, "unavailable") is not None
            is_limited = not is_down and faults.strikes(connection, "rate_limit") is not None
            is_free = is_down or is_limited or call.key is None or not self.is_a_change(call)
            is_in_use = not is_free and faults.strikes(connection, "key_in_use") is not None
            is_open = not (is_down or is_limited or is_in_use) and self.is_a_change(call)
            is_refused = is_open and faults.strikes(connection, "refused") is not None
        if is_down:
            raise StripeRefusal("Service unavailable.", status=503, kind="api_error")
        if is_limited:
            raise StripeRefusal("Request rate limit exceeded.", status=429, code="rate_limit")
        if is_in_use and call.key:
            raise idempotency.in_use(call.key)
        if is_refused:
            raise StripeRefusal("This request was refused, as ordered.")


def _must_be_known(call: Call) -> None:
    scheme, _, key = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise StripeRefusal("You did not provide an API key.", status=401)
    keys.check(key, call.path)


def _read(route: Route, call: Call) -> Json:
    try:
        params = parameters.read_parameters(form_encoding.decode(call.fields), route.operation.parameters)
        if call.verb == "POST":
            limits.check(params, creates=not route.path.endswith("{}"))
        return params
    except BadParameter as bad:
        raise StripeRefusal(str(bad), code=bad.code, param=bad.param) from bad


def _known(books: Books, call: Call) -> StoredAnswer | None:
    """Checked again inside the transaction: another process may have answered in the meantime."""
    if not call.key:
        return None
    return idempotency.stored_report(books.connection, call.key, _fingerprint(call), books.moment)


def _fingerprint(call: Call) -> str:
    return idempotency.fingerprint(call.verb, call.path, call.fields)


def _lost_answer(connection: sqlite3.Connection) -> faults.Kind | None:
    ordered = faults.ordered(connection)
    kinds: tuple[faults.Kind, ...] = ("timeout", "error_after_commit")
    return next((kind for kind in kinds if kind in ordered and faults.strikes(connection, kind) is not None), None)


def _as_stored(refusal: StripeRefusal) -> StoredAnswer:
    return StoredAnswer(refusal.status, json.dumps({"error": refusal.error}))
