"""Payments as staff see them: events, failures, mismatches, and the latest reconciliations with Stripe."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from piccolo.query import OrderByRaw, Select

from components.foundation import audit, clock, database
from components.foundation.currencies import UnsupportedCurrency
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.payments.tables import CheckoutSession, InboxEvent, Mismatch, ReconcileRun


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
        """The membership's part of a payment shared with an order; None when only one thing is paid."""
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
    """How many things need attention."""

    waiting: int
    parked: int
    mismatches: int

    @property
    def needs_somebody(self) -> bool:
        return bool(self.parked or self.mismatches)


_STATUS = """
SELECT (SELECT count(*) FROM inbox_event WHERE handled_at IS NULL AND parked_at IS NULL) AS waiting,
  (SELECT count(*) FROM inbox_event WHERE parked_at IS NOT NULL) AS parked,
  (SELECT count(*) FROM mismatch WHERE settled_at IS NULL) AS mismatches
"""


async def status() -> PaymentsStatus:
    (found,) = await database.fetch_as(PaymentsStatus, _STATUS)
    return found


def _select_events() -> Select[InboxEvent]:
    """All columns except the raw payload, which is long."""
    event = InboxEvent
    return event.select(
        event.id, event.type, event.object_id, event.received_at, event.handled_at, event.outcome, event.tries,
        event.next_try_at, event.parked_at, event.why,
    )  # fmt: skip


async def parked_events() -> list[EventRow]:
    is_parked = InboxEvent.parked_at.is_not_null()
    newest_first = _select_events().where(is_parked).order_by(InboxEvent.parked_at, ascending=False)
    return [EventRow(**row) for row in await newest_first.limit(200)]


async def events(*, limit: int = 50, offset: int = 0) -> list[EventRow]:
    """Received events, the newest first."""
    newest_first = _select_events().order_by(InboxEvent.received_at, InboxEvent.id, ascending=False)
    return [EventRow(**row) for row in await newest_first.limit(limit).offset(offset)]


async def event_count() -> int:
    return int(await InboxEvent.count())


async def mismatch(mismatch_id: UUID) -> MismatchRow:
    """Raises `NotFound`."""
    found = await Mismatch.objects().where(Mismatch.id == mismatch_id).first()
    if found is None:
        raise NotFound
    return _mismatch(found)


async def mismatches() -> list[MismatchRow]:
    """Unresolved ones first."""
    open_first = OrderByRaw("settled_at IS NOT NULL")
    newest = Mismatch.objects().order_by(open_first).order_by(Mismatch.found_at, ascending=False)
    return [_mismatch(row) for row in await newest.limit(100)]


async def recent_pages(*, limit: int = 50, offset: int = 0) -> list[PageRow]:
    newest = CheckoutSession.objects().order_by(CheckoutSession.created_at, CheckoutSession.id, ascending=False)
    return [_page(session) for session in await newest.limit(limit).offset(offset)]


async def page_count() -> int:
    return int(await CheckoutSession.count())


def _page(session: CheckoutSession) -> PageRow:
    return PageRow(
        id=session.id,
        purpose=session.purpose,
        reference_id=session.reference_id,
        attempt=session.attempt,
        email=session.email,
        status=session.status,
        payment_status=session.payment_status,
        money=Money(session.amount, session.currency),
        along=Money(session.along_amount, session.currency),
        created_at=session.created_at,
        expires_at=session.expires_at,
        paid_at=session.paid_at,
    )


async def runs() -> list[RunRow]:
    run = ReconcileRun
    rows = run.select(run.kind, run.started_at, run.finished_at, run.repaired, run.trouble)
    return [RunRow(**row) for row in await rows.order_by(run.started_at, ascending=False).limit(5)]


async def settle_mismatch(mismatch_id: UUID, *, words: str, by: UUID) -> None:
    """Staff have looked at it and describe what was done. Raises `NotFound` when it is unknown or already settled."""
    async with database.transaction():
        found = await database.locked(Mismatch, (Mismatch.id == mismatch_id) & Mismatch.settled_at.is_null())
        if found is None:
            raise NotFound
        await Mismatch.update({Mismatch.settled_at: clock.now(), Mismatch.settled_by: by, Mismatch.words: words}).where(
            Mismatch.id == mismatch_id
        )
        await audit.record(by, "settled", "payment mismatch", mismatch_id, after={"words": words})


def _mismatch(row: Mismatch) -> MismatchRow:
    return MismatchRow(
        id=row.id,
        reference_id=row.reference_id,
        agreed=Money(row.agreed_amount, row.agreed_currency),
        paid=_in_words(row.paid_amount, row.paid_currency),
        found_at=row.found_at,
        settled_at=row.settled_at,
        words=row.words,
    )


def _in_words(amount: int, currency: str) -> str:
    """Works for a currency the shop cannot take too: that may be the very mismatch."""
    try:
        return f"{Money(amount, currency).plain} {currency}"
    except UnsupportedCurrency:
        return f"{amount} in the smallest unit of “{currency}”"
