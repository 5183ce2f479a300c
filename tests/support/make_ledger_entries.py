"""What tests of the ledger do again and again: earning, giving, and looking whether the books are sound."""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database, ids
from components.ledger import balances, credit, invariants
from components.ledger.cashback import Cap, Earning

WINDOW = timedelta(days=30)


def earning(
    person: UUID, amount: int, *, order: UUID | None = None, benefit: UUID | None = None, cap: Cap | None = None
) -> Earning:
    at = clock.now()
    return Earning(
        person_id=person, order_id=order or ids.new(), benefit_id=benefit or ids.new(), amount=amount,
        words="Cashback", earned_at=at, due_at=at + WINDOW, expires_at=at + WINDOW + timedelta(days=365), cap=cap,
    )  # fmt: skip


async def give(person: UUID, amount: int, *, cause: str | None = None, until: datetime | None = None) -> bool:
    return await credit.grant(person, amount, cause=cause or f"test:{ids.new()}", words="A kindness", expires_at=until)


async def spendable(person: UUID) -> int:
    return (await balances.for_person(person)).spendable


async def account(kind: str, person: UUID | None = None) -> int:
    """What the entries of one account come to."""
    return int(
        await database.fetch_value(
            """SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account
            WHERE a.kind = $1 AND a.person IS NOT DISTINCT FROM $2""",
            kind,
            person,
        )
    )


async def is_sound() -> bool:
    broken = await invariants.invariants()
    assert broken == []
    return True
