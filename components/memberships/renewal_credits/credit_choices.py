"""Whether store credit pays a renewal: a setting of the shop, then the member's own choice; and how much of it."""

from datetime import datetime
from uuid import UUID

from components.foundation import clock
from components.foundation.languages.words import N_
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings
from components.ledger import balances
from components.memberships.renewal_credits.tables import RenewalCreditChoice
from components.payments.stripe_account import smallest_charges


class NotForRenewals(Refusal):
    message = N_("Store credit can’t be used for renewals in this shop.")
    status = 409


def are_allowed() -> bool:
    return shop_settings.current().renewal_credit == "yes"


async def is_wanted(person_id: UUID) -> bool:
    """Their choice, while the shop allows it."""
    return are_allowed() and bool(await RenewalCreditChoice.exists().where(RenewalCreditChoice.person == person_id))


async def choose(person_id: UUID, *, wanted: bool) -> None:
    """May run twice. What is on an invoice already stays on it. Raises `NotForRenewals`."""
    if not are_allowed():
        raise NotForRenewals
    if wanted:
        row = RenewalCreditChoice(person=person_id, since=clock.now())
        await RenewalCreditChoice.insert(row).on_conflict(action="DO NOTHING")
    else:
        await forget(person_id)


async def forget(person_id: UUID) -> None:
    await RenewalCreditChoice.delete().where(RenewalCreditChoice.person == person_id)


def usable(spendable: int, due: Money) -> int:
    """All that is due, or as much as leaves a sum that a bank still charges. Pure."""
    if spendable >= due.amount:
        return due.amount
    return max(0, min(spendable, due.amount - smallest_charges.of(due.currency)))


async def coming(person_id: UUID, due: Money, at: datetime | None) -> Money:
    """What a renewal of `due` would be paid with, of what does not run out before it; zero where it isn’t wanted."""
    if not await is_wanted(person_id) or due.currency != shop_settings.current().currency:
        return Money(0, due.currency)
    purse = await balances.for_person(person_id, at)
    return Money(usable(purse.spendable, due), due.currency)
