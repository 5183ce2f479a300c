"""What staff see of payments: events, failures, mismatches, and the last checks against Stripe."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.currencies import UnsupportedCurrency
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.payments.tables import Mismatch


@dataclass(frozen=True)
class EventRow:
    id: str
    type: str
    object_id: str
    received_at: datetime
    handled_at: datetime | None
    outcome: str
    tries: int
    next_try_at: datetime | None
    parked_at: datetime | None
    why: str

    @property
    def state(self) -> str:
        if self.parked_at is not None:
            return "Failed"
        if self.handled_at is None:
            return "Waiting"
        return "Processed" if self.outcome == "mirrored" else self.outcome.capitalize()


@dataclass(frozen=True)
class PageRow:
    id: UUID
    purpose: str
    reference_id: UUID
    attempt: int
    email: str
    status: str
    payment_status: str
    money: Money
    along: Money
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None

    @property
    def fee(self) -> Money | None:
        """The membership's part of a payment that an order goes along with; None when there is but one thing paid."""
        return self.money - self.along if self.along.amount else None

    @property
    def state(self) -> str:
        return "Paid" if self.paid_at is not None else self.status.capitalize()


@dataclass(frozen=True)
class MismatchRow:
    id: UUID
    reference_id: UUID
    agreed: Money
    paid: str
    found_at: datetime
    settled_at: datetime | None
    words: str


@dataclass(frozen=True)
class RunRow:
    kind: str
    started_at: datetime
    finished_at: datetime | None
    repaired: int
    trouble: str


@dataclass(frozen=True)
class PaymentsStatus:
    """How many things wait for somebody."""

    waiting: int
    parked: int
    mismatches: int

    @property
    def needs_somebody(self) -> bool:
        return bool(self.parked or self.mismatches)


_EVENT = (
    "SELECT id, type, object_id, received_at, handled_at, outcome, tries, next_try_at, parked_at, why FROM inbox_event"
)


async def status() -> PaymentsStatus:
    row = await database.fetch_one(
        "SELECT (SELECT count(*) FROM inbox_event WHERE handled_at IS NULL AND parked_at IS NULL) AS waiting, "
        "(SELECT count(*) FROM inbox_event WHERE parked_at IS NOT NULL) AS parked, "
        "(SELECT count(*) FROM mismatch WHERE settled_at IS NULL) AS mismatches"
    )
    return PaymentsStatus(**(row or {}))


async def parked_events() -> list[EventRow]:
    rows = await database.fetch(f"{_EVENT} WHERE parked_at IS NOT NULL ORDER BY parked_at DESC LIMIT 200")
    return [EventRow(**row) for row in rows]


async def events(*, limit: int = 50, offset: int = 0) -> list[EventRow]:
    """Received events, the newest first."""
    rows = await database.fetch(f"{_EVENT} ORDER BY received_at DESC, id DESC LIMIT $1 OFFSET $2", limit, offset)
    return [EventRow(**row) for row in rows]


async def event_count() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM inbox_event"))


async def mismatch(mismatch_id: UUID) -> MismatchRow:
    """Raises `NotFound`."""
    row = await database.fetch_one("SELECT * FROM mismatch WHERE id = $1", mismatch_id)
    if row is None:
        raise NotFound
    return _mismatch(row)


async def mismatches() -> list[MismatchRow]:
    """Those nobody has seen to first."""
    rows = await database.fetch("SELECT * FROM mismatch ORDER BY settled_at IS NOT NULL, found_at DESC LIMIT 100")
    return [_mismatch(row) for row in rows]


async def recent_pages(*, limit: int = 50) -> list[PageRow]:
    rows = await database.fetch(
        "SELECT id, purpose, reference_id, attempt, email, status, payment_status, amount, along_amount, currency, "
        "created_at, expires_at, paid_at FROM checkout_session ORDER BY created_at DESC LIMIT $1",
        limit,
    )
    return [_page(row) for row in rows]


def _page(row: dict[str, Any]) -> PageRow:
    amount, along, currency = row.pop("amount"), row.pop("along_amount"), row.pop("currency")
    return PageRow(money=Money(amount, currency), along=Money(along, currency), **row)


async def runs() -> list[RunRow]:
    rows = await database.fetch(
        "SELECT kind, started_at, finished_at, repaired, trouble FROM reconcile_run ORDER BY started_at DESC LIMIT 5"
    )
    return [RunRow(**row) for row in rows]


async def settle_mismatch(mismatch_id: UUID, *, words: str, by: UUID) -> None:
    """Somebody has looked and says what was done. Raises `NotFound` when it is unknown or already settled."""
    async with database.transaction():
        found = await database.locked(Mismatch, (Mismatch.id == mismatch_id) & Mismatch.settled_at.is_null())
        if found is None:
            raise NotFound
        await Mismatch.update({Mismatch.settled_at: clock.now(), Mismatch.settled_by: by, Mismatch.words: words}).where(
            Mismatch.id == mismatch_id
        )
        await audit.record(by, "settled", "payment mismatch", mismatch_id, after={"words": words})


def _mismatch(row: dict[str, Any]) -> MismatchRow:
    return MismatchRow(
        id=row["id"],
        reference_id=row["reference_id"],
        agreed=Money(row["agreed_amount"], row["agreed_currency"]),
        paid=_in_words(row["paid_amount"], row["paid_currency"]),
        found_at=row["found_at"],
        settled_at=row["settled_at"],
        words=row["words"],
    )


def _in_words(amount: int, currency: str) -> str:
    """Also for a currency the shop cannot take: that may be just what is wrong."""
    try:
        return f"{Money(amount, currency).plain} {currency}"
    except UnsupportedCurrency:
        return f"{amount} in the smallest unit of “{currency}”"
