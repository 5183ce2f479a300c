"""A person's balances: available, pending, and reserved for orders that are being paid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database import Query


@dataclass(frozen=True, slots=True)
class Balances:
    """Minor units. `owed` is cashback to be settled by the next."""

    spendable: int = 0
    pending: int = 0
    owed: int = 0
    reserved: Mapping[UUID, int] = field(default_factory=dict)

    EMPTY: ClassVar["Balances"]

    def for_order(self, order_id: UUID | None) -> int:
        """What can be spent on a basket whose payment has started as this order: what it reserves counts too."""
        return self.spendable + (self.reserved.get(order_id, 0) if order_id else 0)

    @property
    def is_empty(self) -> bool:
        return not (self.spendable or self.pending or self.reserved)


Balances.EMPTY = Balances()


def query(person_id: UUID, at: datetime) -> Query[Balances]:
    return Query(
        """SELECT json_build_object(
          'spendable', (SELECT coalesce(sum(remaining), 0) FROM ledger_lot WHERE person = $1 AND remaining > 0
            AND holds('-infinity', expires_at, $2)),
          'pending', (SELECT coalesce(sum(balance), 0) FROM ledger_account
            WHERE person = $1 AND kind = 'cashback_pending'),
          'owed', (SELECT coalesce(-sum(balance), 0) FROM ledger_account WHERE person = $1 AND kind = 'owed'),
          'reserved', (SELECT coalesce(json_object_agg(because_of, kept), '{}') FROM (
            SELECT p.because_of, sum(e.amount) AS kept FROM ledger_account a JOIN ledger_entry e ON e.account = a.id
            JOIN ledger_posting p ON p.id = e.posting WHERE a.person = $1 AND a.kind = 'reserved'
            GROUP BY p.because_of HAVING sum(e.amount) > 0) r))""",
        (person_id, at),
        _read,
    )


async def for_person(person_id: UUID | None, at: datetime | None = None) -> Balances:
    """Without a person there is no credit."""
    if person_id is None:
        return Balances.EMPTY
    (found,) = await database.batch(query(person_id, at or clock.now()))
    return found if isinstance(found, Balances) else Balances.EMPTY


def _read(found: Any) -> Balances:
    reserved = {UUID(order): int(amount) for order, amount in found["reserved"].items()}
    return Balances(int(found["spendable"]), int(found["pending"]), int(found["owed"]), reserved)
