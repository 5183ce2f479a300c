"""Store credit: given for a reason, spent like money in this shop, until it expires."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, formatting, ids
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings
from components.ledger import double_entry, ledger_accounts, lots
from components.ledger.double_entry import Side
from components.ledger.ledger_accounts import CREDIT, CREDIT_GIVEN, EXPIRED, PENDING
from components.ledger.tables import Lot, Posting
from components.people.facts import PersonErased


async def grant(
    person_id: UUID,
    amount: int,
    *,
    cause: str,
    words: str,
    expires_at: datetime | None,
    benefit_id: UUID | None = None,
    because_of: UUID | None = None,
    others: Sequence[str] = (),
) -> bool:
    """Credit of `amount` minor units; False when this cause has given it already, or one of the `others`."""
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(person_id)
        if amount <= 0 or await double_entry.exists(cause, *others):
            return False
        lot = ids.new()
        await lots.add(
            Lot(
                id=lot,
                person=person_id,
                kind=CREDIT,
                benefit=benefit_id,
                words=words,
                amount=amount,
                given_at=clock.now(),
                expires_at=expires_at,
            )
        )
        sides = (Side(held[CREDIT_GIVEN], -amount, lot), Side(held[CREDIT], amount, lot))
        return await double_entry.post(
            cause, kind="given", person_id=person_id, words=words, sides=sides, because_of=because_of
        )


async def given_left(person_id: UUID) -> int:
    """What `take_back` could take now."""
    return sum(one.amount for one in await lots.given_lots(person_id))


class MoreThanGiven(Refusal):
    message = "There is less credit left that the shop has given."
    status = 409


async def take_back(person_id: UUID, amount: int, *, cause: str, words: str) -> bool:
    """Credit that the shop gave and that is still there, what was given last first; False when this cause has taken
    it already. Cashback and what came back with refunds are the person's own. Raises `MoreThanGiven`, taking nothing.
    """
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(person_id)
        if amount <= 0 or await double_entry.exists(cause):
            return False
        taken = lots.spend_from(await lots.given_lots(person_id), amount)
        if sum(one.amount for one in taken) < amount:
            raise MoreThanGiven
        sides = [Side(held[CREDIT], -one.amount, one.lot) for one in taken]
        sides += [Side(held[CREDIT_GIVEN], one.amount, one.lot) for one in taken]
        return await double_entry.post(cause, kind="taken back", person_id=person_id, words=words, sides=sides)


async def expire(lot_id: UUID, person_id: UUID) -> None:
    """What is left of an expired lot goes back to the shop."""
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(person_id)
        lot = await lots.by_id(lot_id)
        if not lot.remaining or lot.expires_at is None or lot.expires_at > clock.now():
            return
        times = await Posting.count().where(Posting.cause.like(f"expired:{lot_id}:%"))
        sides = (Side(held[lot.kind], -lot.remaining, lot_id), Side(held[EXPIRED], lot.remaining, lot_id))
        await double_entry.post(
            f"expired:{lot_id}:{times + 1}", kind="expired", person_id=person_id, words=lot.words, sides=sides,
            because_of=lot.order_id, at=lot.expires_at if not times else None,
        )  # fmt: skip


async def loss(person_id: UUID) -> str | None:
    """Told before somebody is erased: nobody is left to spend it."""
    held = (Lot.pending > 0) | (Lot.remaining > 0)
    lots = await Lot.select(Lot.pending, Lot.remaining).where((Lot.person == person_id) & held)
    left = sum(lot["pending"] + lot["remaining"] for lot in lots)
    if not left:
        return None
    amount = formatting.money(Money(left, shop_settings.current().currency))
    return _("You lose %(amount)s of store credit and cashback.", amount=amount)


async def erase_person(fact: PersonErased) -> None:
    """Nobody is left to spend it. What is reserved stays with its order."""
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(fact.person_id)
        has_something = (Lot.pending > 0) | (Lot.remaining > 0)
        sides = []
        for lot in await Lot.objects().where((Lot.person == fact.person_id) & has_something):
            sides += [
                Side(held[PENDING], -lot.pending, lot.id),
                Side(held[lot.kind], -lot.remaining, lot.id),
                Side(held[EXPIRED], lot.pending + lot.remaining, lot.id),
            ]
        if sides:
            await double_entry.post(
                f"forgotten:{fact.person_id}", kind="expired", person_id=fact.person_id, words="Account erased",
                sides=sides,
            )  # fmt: skip
        await Lot.update({Lot.words: ""}).where(Lot.person == fact.person_id)
        await Posting.update({Posting.words: ""}).where(Posting.person == fact.person_id)
