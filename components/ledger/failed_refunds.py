"""A refund that returned credit and then failed: the credit is spent on its order again."""

from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.ledger import double_entry, ledger_accounts, lots
from components.ledger.double_entry import Side
from components.ledger.ledger_accounts import CASHBACK, CREDIT, OWED, SPENT
from components.ledger.lots import SpentLot


async def spend_again(cause: str, *, words: str) -> bool:
    """The opposite of what was posted under the refund's `cause`, once. False when nothing was given back under it.

    What has been spent of it since is taken from the person's other credit, and is owed when there is none.
    """
    async with database.transaction():
        given = await _given(cause)
        if given is None:
            return False
        held = await ledger_accounts.lock_accounts(given.person)
        own = await lots.by_id(given.lot)
        others = [
            one for one in await lots.spendable_lots(held.person_id, kinds=(CREDIT, CASHBACK)) if one.lot != own.id
        ]
        taken = lots.spend_from([SpentLot(own.id, CREDIT, own.remaining), *others], given.amount)
        missing = given.amount - sum(one.amount for one in taken)
        sides = [Side(held[one.kind], -one.amount, one.lot) for one in taken]
        sides += [Side(held[OWED], -missing, own.id), Side(held[SPENT], given.amount, own.id)]
        return await double_entry.post(
            f"{cause}:failed", kind="taken again", person_id=held.person_id, words=words, sides=sides,
            because_of=given.because_of,
        )  # fmt: skip


class _Given(NamedTuple):
    person: UUID
    because_of: UUID
    lot: UUID
    amount: int


async def _given(cause: str) -> _Given | None:
    return await database.fetch_one_as(_Given, _GIVEN, cause)


_GIVEN = """
SELECT p.person, p.because_of, e.lot, -e.amount AS amount FROM ledger_posting p
JOIN ledger_entry e ON e.posting = p.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'spent'
WHERE p.cause = $1
"""
