"""The control page: move the clock, view events and their deliveries, open disputes, order faults."""

import itertools
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, get_args

from web.standin.billing import calendar, dunning
from web.standin.charging import disputes, fraud_warnings
from web.standin.http import faults, hosts
from web.standin.pages import banks, foreign, rendering
from web.standin.pages.rendering import HtmlPage
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books
from web.standin.state.clock import DAY, HOUR, as_instant
from web.standin.state.engine import StandInEngine
from web.standin.state.practice_offset import OFFSET

Json = dict[str, Any]
Form = dict[str, str]
EVENTS_SHOWN = 40
CHARGES_SHOWN = 100

_EVENTS = """
SELECT events.id, events.type, events.created, count(deliveries.id), sum(deliveries.finished IS NOT NULL),
       max(deliveries.attempts), max(deliveries.answer), json_extract(events.body, '$.data.object.id')
FROM events LEFT JOIN deliveries ON deliveries.event = events.id
WHERE events.seq > (SELECT coalesce(max(seq), 0) FROM events) - ?
GROUP BY events.seq ORDER BY events.seq DESC
"""
_NEXT_RENEWAL = "SELECT min(due) FROM objects WHERE kind = 'subscription' AND due IS NOT NULL AND clock IS NULL"


def show(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.reading() as books:
        connection = books.connection
        undecided = [each for each in books.find("dispute") if disputes.is_open(each)]
        charges = (each for each in books.find("charge", status="succeeded") if not each["disputed"])
        waiting = connection.execute("SELECT count(*) FROM deliveries WHERE finished IS NULL").fetchone()[0]
        return rendering.page(
            "control.html",
            ahead=_ahead(engine),
            charges=_choices(books, itertools.islice(charges, CHARGES_SHOWN)),
            reasons=banks.REASONS,
            fraud_types=fraud_warnings.TYPES,
            disputes=[each | {"of": _payer(books, books.get("charge", each["charge"]))} for each in undecided],
            events=[_event(row) for row in connection.execute(_EVENTS, (EVENTS_SHOWN,))],
            faults=faults.WORDS,
            foreign=foreign.KINDS,
            final_state=dunning.final_state(connection),
            final_words=dunning.FINAL_WORDS,
            next_renewal=connection.execute(_NEXT_RENEWAL).fetchone()[0],
            target=engine.target(),
            now=books.now(),
            ordered=faults.ordered(connection),
            schedule=dunning.schedule_name(connection),
            schedules=dunning.SCHEDULES,
            waiting=waiting,
        )


def _choices(books: Books, charges: Iterable[Json]) -> dict[str, list[Json]]:
    """Fees and everything else, the newest first, each with who paid it."""
    found: dict[str, list[Json]] = {"Membership fees": [], "Orders and other payments": []}
    for charge in charges:
        is_fee = any(True for _ in books.find("invoice_payment", word=charge["payment_intent"]))
        found["Membership fees" if is_fee else "Orders and other payments"].append(
            charge | {"of": _payer(books, charge)}
        )
    return {kind: some for kind, some in found.items() if some}


def _payer(books: Books, charge: Json) -> str:
    customer = books.get("customer", charge["customer"]) if charge["customer"] else {}
    return customer.get("email") or charge["billing_details"].get("email") or charge["receipt_email"] or "a guest"


def _ahead(engine: StandInEngine) -> str:
    days, rest = divmod(engine.store.setting(OFFSET), DAY)
    parts = [_counted(days, "day"), _counted(rest // HOUR, "hour")]
    words = " and ".join(part for part in parts if part)
    return f"That is {words} ahead of the real time." if words else "That is the real time."


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'s' if number > 1 else ''}" if number else ""


def _event(row: Any) -> Json:
    identity, kind, created, deliveries, finished, attempts, answer, about = row
    return {
        "about": about or "",
        "created": created,
        "id": identity,
        "state": _state(deliveries, finished or 0, attempts or 0, answer),
        "type": kind,
    }


def _state(deliveries: int, finished: int, attempts: int, answer: int | None) -> str:
    if not deliveries:
        return "not listened for"
    if finished == deliveries:
        return f"delivered ({answer})" if answer else "lost on the way"
    return f"waiting after {attempts} tries" if attempts else "waiting"


def move_clock(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    step = _step(engine, form.get("step", ""))
    engine.move(step)
    return _back()


def _step(engine: StandInEngine, name: str) -> timedelta:
    now = engine.moment()
    if name == "hour":
        return timedelta(hours=1)
    if name == "day":
        return timedelta(days=1)
    if name == "month":
        later = calendar.boundary(now, 1, {"interval": "month", "interval_count": 1})
        return timedelta(seconds=later - now)
    if name == "renewal":
        return _to_next_renewal(engine, now)
    raise StripeRefusal("Choose how far to move the clock.")


def _to_next_renewal(engine: StandInEngine, now: int) -> timedelta:
    """Past the hour in which the renewal's invoice is a draft, so that it has been charged."""
    with engine.store.reading() as connection:
        due = connection.execute(_NEXT_RENEWAL).fetchone()[0]
    if due is None:
        raise StripeRefusal("No subscription is due to renew.")
    return as_instant(due) - as_instant(now) + timedelta(hours=1, minutes=1)


def order_fault(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    kind = form.get("kind", "")
    known: faults.Kind | None = next((each for each in get_args(faults.Kind) if each == kind), None)
    times, seconds = form.get("times", "1"), form.get("seconds", "")
    if known is None or not times.isdigit() or int(times) > 1000:
        raise StripeRefusal("Choose a fault and how many times it should happen (0 to 1000).")
    if seconds and (not seconds.isdigit() or int(seconds) > 3600):
        raise StripeRefusal("Choose how many seconds it should take (0 to 3600), or leave that empty.")
    amount = float(seconds) if seconds else faults.SECONDS.get(known, 0.0)
    engine.order_fault(known, times=int(times), amount=amount)
    return _back()


def choose_retries(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.changing() as books:
        dunning.choose(books.connection, schedule=form.get("schedule", ""), final=form.get("final", ""))
    return _back()


def _back() -> HtmlPage:
    return rendering.redirect(f"{hosts.MOUNT}/control")
