"""What came of withdrawals: staff mark them, having refunded or not, and open again what was marked by mistake."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from piccolo.columns import Column

from components.foundation import audit, clock, database
from components.foundation.refusals import NotFound, Refusal
from components.messaging.notices import open_withdrawals
from components.messaging.tables import Withdrawal

OUTCOMES = ("done", "refused")
A_PAGE = 25


class NotRefunded(Refusal):
    """Says what has not been refunded. Asked once more, it may be marked all the same: cash was given, say."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRow:
    id: UUID
    at: datetime
    name: str
    about: str
    number: str
    items: str
    settled_at: datetime | None
    outcome: str


_COLUMNS: tuple[Column, ...] = (
    Withdrawal.id, Withdrawal.at, Withdrawal.name, Withdrawal.about, Withdrawal.number, Withdrawal.items,
    Withdrawal.settled_at, Withdrawal.outcome,
)  # fmt: skip


async def settle(withdrawal_id: UUID, *, outcome: str, by: UUID, anyway: bool = False) -> None:
    """Staff have seen to it. Raises `NotFound`, and `NotRefunded` of what was not, unless `anyway`."""
    if outcome not in OUTCOMES:
        raise NotFound
    async with database.transaction():
        row = await database.locked(Withdrawal, Withdrawal.id == withdrawal_id)
        if row is None:
            raise NotFound
        if row.settled_at:
            return
        owed = (await open_withdrawals.opened(row)).owed if outcome == "done" else ""
        if owed and not anyway:
            raise NotRefunded(owed)
        await row.update_self({"settled_at": clock.now(), "outcome": outcome})
        after = {"outcome": outcome} | ({"not refunded here": True} if owed else {})
        await audit.record(by, "withdrawal settled", "withdrawal", withdrawal_id, after=after)


async def reopen(withdrawal_id: UUID, *, by: UUID) -> None:
    """It waits again. Raises `NotFound`."""
    async with database.transaction():
        row = await database.locked(Withdrawal, Withdrawal.id == withdrawal_id)
        if row is None:
            raise NotFound
        if row.settled_at:
            before = {"outcome": row.outcome}
            await row.update_self({"settled_at": None, "outcome": ""})
            await audit.record(by, "withdrawal opened again", "withdrawal", withdrawal_id, before=before)


async def waiting_of(email: str) -> tuple[WithdrawalRow, ...]:
    """Those of whoever has this address that nobody has seen to, the first said first."""
    one = Withdrawal
    rows = one.select(*_COLUMNS).where(one.email == email, one.settled_at.is_null()).order_by(one.at, one.id)
    return tuple([WithdrawalRow(**row) for row in await rows]) if email else ()


async def about_memberships(email: str) -> list[Withdrawal]:
    """All that whoever has this address has said, seen to or not, the first said first."""
    one = Withdrawal
    return await one.objects().where(one.email == email, one.about != "order").order_by(one.at, one.id)


async def settled(*, page: int = 1) -> tuple[WithdrawalRow, ...]:
    """Those seen to, the last one first."""
    one = Withdrawal
    rows = one.select(*_COLUMNS).where(one.settled_at.is_not_null()).order_by(one.settled_at, one.id, ascending=False)
    return tuple([WithdrawalRow(**row) for row in await rows.limit(A_PAGE).offset((page - 1) * A_PAGE)])


async def count_settled() -> int:
    return int(await Withdrawal.count().where(Withdrawal.settled_at.is_not_null()))
