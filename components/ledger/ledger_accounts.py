"""The kinds of accounts, and the lock that serialises changes to one person's money."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from components.foundation import ids
from components.foundation.shop_settings import shop_settings
from components.ledger.tables import Account

PENDING: Final = "cashback_pending"
CASHBACK: Final = "cashback"
CREDIT: Final = "store_credit"
RESERVED: Final = "reserved"
OWED: Final = "owed"
"""Cashback that was spent before its order was refunded: the next cashback pays it first. Zero or below."""

OF_PERSON: Final = (PENDING, CASHBACK, CREDIT, RESERVED, OWED)

CASHBACK_GIVEN: Final = "cashback_given"
CREDIT_GIVEN: Final = "credit_given"
SPENT: Final = "spent"
EXPIRED: Final = "expired"
OF_SHOP: Final = (CASHBACK_GIVEN, CREDIT_GIVEN, SPENT, EXPIRED)


@dataclass(frozen=True, slots=True)
class LockedAccounts:
    """A person's accounts, locked until the transaction ends, and the shop's, which are not."""

    person_id: UUID
    ids: dict[str, UUID]
    owed: int

    def __getitem__(self, kind: str) -> UUID:
        return self.ids[kind]


async def lock_accounts(person_id: UUID) -> LockedAccounts:
    """Within a transaction: the second caller waits, then sees what the first did."""
    own = await _own(person_id)
    if len(own) < len(OF_PERSON):
        await _open(person_id, OF_PERSON)
        own = await _own(person_id)
    theirs = await _shops()
    if len(theirs) < len(OF_SHOP):
        await _open(None, OF_SHOP)
        theirs = await _shops()
    by_kind = {kind: account for kind, (account, _) in own.items()}
    return LockedAccounts(person_id, {**by_kind, **theirs}, -own[OWED][1])


async def _own(person_id: UUID) -> dict[str, tuple[UUID, int]]:
    is_own = (Account.person == person_id) & (Account.currency == shop_settings.current().currency)
    locked = await Account.objects().where(is_own).order_by(Account.kind).lock_rows()
    return {account.kind: (account.id, account.balance) for account in locked}


async def _shops() -> dict[str, UUID]:
    is_shops = Account.person.is_null() & (Account.currency == shop_settings.current().currency)
    return {account.kind: account.id for account in await Account.objects().where(is_shops)}


async def _open(person_id: UUID | None, kinds: tuple[str, ...]) -> None:
    currency = shop_settings.current().currency
    accounts = [Account(id=ids.new(), person=person_id, kind=kind, currency=currency) for kind in sorted(kinds)]
    await Account.insert(*accounts).on_conflict(action="DO NOTHING")
