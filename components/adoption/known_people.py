"""Who a candidate is here, and what this shop knows of them."""

from dataclasses import dataclass
from uuid import UUID

from components.adoption.candidates import KEPT, Candidate
from components.adoption.tables import AdoptionRow
from components.adoption.verdicts import KnownHere
from components.foundation import database
from components.foundation.consistency import named_rows
from components.foundation.languages import language
from components.foundation.shop_settings import shop_settings
from components.memberships.adopting import adopted_memberships, unbilled_memberships
from components.memberships.billing import trials
from components.payments import customers, references
from components.people import customer_accounts, unclaimed_accounts
from components.people.privacy import erasure
from components.people.tables import Person
from components.people.unclaimed_accounts import Newcomer


@dataclass(frozen=True)
class Whose:
    person: Person | None
    known: KnownHere


async def whose(one: Candidate, *, run: UUID, position: int, plan: UUID | None = None) -> Whose:
    """By their customer at Stripe, else by their e-mail. `plan` is the one they would get, where that is chosen."""
    person = await _person(one)
    has_own = await customers.of_person(person.id) if person else None
    known = KnownHere(
        currency=shop_settings.current().currency,
        known_as=person.email if person else "",
        is_erased=person is None and bool(one.email) and bool(await erasure.forgotten([one.email])),
        is_billed=person is not None and await adopted_memberships.running_of(person.id),
        had_trial=await trials.had_one(person.id if person else None, one.email),
        has_other=await _has_other(one, run=run, position=position),
        holds=person is not None and plan is not None and await unbilled_memberships.holds(person.id, plan),
        has_other_customer=bool(one.billing == KEPT and has_own and has_own != one.customer),
    )
    return Whose(person, known)


async def _person(one: Candidate) -> Person | None:
    known = await references.local_id_of(one.customer) if one.customer else None
    found = await customer_accounts.by_id(known) if known else None
    return found or (await customer_accounts.by_email(one.email) if one.email else None)


async def _has_other(one: Candidate, *, run: UUID, position: int) -> bool:
    """Whether a row above is adopted for the same person."""
    is_above = (AdoptionRow.run == run) & (AdoptionRow.position < position)
    is_ready = AdoptionRow.verdict.is_in(["adopt", "move", "until", "give"])
    if not one.email:
        return False
    is_theirs = (AdoptionRow.email == one.email) | (AdoptionRow.customer == (one.customer or "none"))
    return bool(await AdoptionRow.exists().where(is_above & is_ready & is_theirs))


async def opened(one: Candidate, person: Person | None) -> tuple[UUID, bool]:
    """The person, made if there is none, and whether they were. Nobody is told."""
    if person is not None:
        person_id: UUID = person.id
        return person_id, False
    spoken = one.language if one.language in language.offered() else ""
    (made,) = await unclaimed_accounts.open_all([Newcomer(one.email, one.name, spoken)])
    return made, True


async def closed(person_id: UUID, *, but: tuple[str, ...]) -> bool:
    """Remove somebody whom a run made, unless they have done anything or anything else here names them."""
    if await named_rows.named("person", [person_id], but=(*but, *unclaimed_accounts.OWN)):
        return False
    async with database.transaction():
        return bool(await unclaimed_accounts.remove([person_id]))
