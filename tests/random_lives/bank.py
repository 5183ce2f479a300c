"""What the bank's books say about each person: read from the stand-in's own file, never through the shop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from components.foundation import json
from web.standin.standin import StandIn

BOOKS = (
    "SELECT kind, body FROM objects WHERE kind IN ('customer', 'subscription', 'invoice', 'invoice_payment', 'charge')"
)
OVER = ("canceled", "incomplete_expired")
NOT_BEGUN = ("incomplete", *OVER)


@dataclass(frozen=True)
class Charge:
    """Money taken. `reason` is the invoice's, empty for what has no invoice; `period` is what a fee pays for.
    `credit` is what store credit paid beside it; where that was all, the money is none."""

    id: str
    person: UUID
    amount: int
    refunded: int
    is_disputed: bool
    at: datetime
    reason: str
    agreement: str
    period: datetime | None
    credit: int = 0

    @property
    def whole(self) -> int:
        return self.amount + self.credit


@dataclass(frozen=True)
class Agreement:
    """A subscription as the bank has it. `owing_since` is the start of the oldest period that is open and unpaid."""

    id: str
    person: UUID
    status: str
    price: int
    interval: str
    begun: datetime
    period_start: datetime
    period_end: datetime
    cancel_at: datetime | None
    ended_at: datetime | None
    owing_since: datetime | None

    @property
    def is_over(self) -> bool:
        return self.status in OVER


@dataclass(frozen=True)
class Bank:
    charges: tuple[Charge, ...]
    agreements: tuple[Agreement, ...]

    def charged(self, person: UUID) -> int:
        return sum(one.amount for one in self.charges if one.person == person)

    def returned(self, person: UUID) -> int:
        return sum(one.refunded for one in self.charges if one.person == person)

    def is_disputed(self, person: UUID) -> bool:
        return any(one.is_disputed for one in self.charges if one.person == person)

    def running(self, person: UUID) -> tuple[Agreement, ...]:
        return tuple(one for one in self.agreements if one.person == person and one.status not in NOT_BEGUN)

    def by_id(self, wanted: str) -> Agreement | None:
        return next((one for one in self.agreements if one.id == wanted), None)

    def agreement(self, person: UUID) -> Agreement | None:
        """The one that runs, else the last there was."""
        own = sorted((one for one in self.agreements if one.person == person), key=lambda one: one.begun)
        return next(iter(self.running(person)), own[-1] if own else None)


def read(stand_in: StandIn, customers: dict[str, UUID]) -> Bank:
    """As it is now, everything that is due done first. `customers` remembers whose each one is, deleted or not."""
    stand_in.catch_up()
    with stand_in.engine.store.reading() as connection:
        rows = connection.execute(BOOKS).fetchall()
    return _Reading([(kind, json.load(body)) for kind, body in rows], customers).bank


class _Reading:
    def __init__(self, rows: list[tuple[str, dict[str, Any]]], customers: dict[str, UUID]) -> None:
        self.rows, self.person_of = rows, customers
        for one in self.of("customer"):
            if person := (one.get("metadata") or {}).get("person_id"):
                customers[one["id"]] = UUID(person)

    @property
    def bank(self) -> Bank:
        return Bank(tuple(self._charges()), tuple(self._agreements()))

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        return (body for found, body in self.rows if found == kind)

    @cached_property
    def invoice_of(self) -> dict[str, dict[str, Any]]:
        """By the payment that pays it."""
        invoices = {one["id"]: one for one in self.of("invoice")}
        return {one["payment"]["payment_intent"]: invoices[one["invoice"]] for one in self.of("invoice_payment")}

    def _charges(self) -> Iterator[Charge]:
        for one in self.of("charge"):
            person = self.person_of.get(one["customer"] or "")
            if person is None or not one["amount_captured"]:
                continue
            invoice = self.invoice_of.get(one["payment_intent"])
            yield Charge(
                id=one["id"],
                person=person,
                amount=one["amount_captured"],
                refunded=one["amount_refunded"],
                is_disputed=one["disputed"],
                at=_instant(one["created"]),
                reason=invoice["billing_reason"] if invoice else "",
                agreement=_agreement_of(invoice) if invoice else "",
                period=_period(invoice) if invoice else None,
                credit=_credit(invoice) if invoice else 0,
            )
        yield from self._paid_by_credit()

    def _paid_by_credit(self) -> Iterator[Charge]:
        for one in self.of("invoice"):
            person = self.person_of.get(one["customer"] or "")
            if person is None or one["status"] != "paid" or one["amount_paid"] or not _credit(one):
                continue
            yield Charge(
                id=one["id"], person=person, amount=0, refunded=0, is_disputed=False,
                at=_instant(one["status_transitions"]["paid_at"]), reason=one["billing_reason"],
                agreement=_agreement_of(one), period=_period(one), credit=_credit(one),
            )  # fmt: skip

    def _agreements(self) -> Iterator[Agreement]:
        for one in self.of("subscription"):
            person = self.person_of.get(one["customer"])
            if person is None:
                continue
            item = one["items"]["data"][0]
            yield Agreement(
                id=one["id"],
                person=person,
                status=one["status"],
                price=item["price"]["unit_amount"] or 0,
                interval=item["price"]["recurring"]["interval"],
                begun=_instant(one["created"]),
                period_start=_instant(item["current_period_start"]),
                period_end=_instant(item["current_period_end"]),
                cancel_at=_instant(one["cancel_at"]) if one["cancel_at"] else None,
                ended_at=_instant(one["ended_at"]) if one["ended_at"] else None,
                owing_since=self._owing(one["id"]),
            )

    def _owing(self, agreement: str) -> datetime | None:
        owed = [one for one in self.of("invoice") if one["status"] == "open" and _agreement_of(one) == agreement]
        return min((found for one in owed if (found := _period(one))), default=None)


def _agreement_of(invoice: dict[str, Any]) -> str:
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return str(details.get("subscription") or "")


def _credit(invoice: dict[str, Any]) -> int:
    """What store credit pays of it: lines that the shop has put on it and named so."""
    return sum(-line["amount"] for line in invoice["lines"]["data"] if "store_credit" in (line["metadata"] or {}))


def _period(invoice: dict[str, Any]) -> datetime | None:
    """The start of the service that the invoice is for: its longest line's."""
    lines = [line for line in invoice["lines"]["data"] if line["amount"] >= 0 and line["parent"]]
    longest = max(lines, key=lambda line: line["period"]["end"] - line["period"]["start"], default=None)
    return _instant(longest["period"]["start"]) if longest else None


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
