"""Agreeing to marketing e-mails, and withdrawing that: what holds now, and every change.

Each verb locks the address's row, so that what is sent at the same moment either knows of the change or was before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.consents import mailing_rules
from components.consents.consent_words import KINDS
from components.consents.facts import ConsentAsked
from components.consents.tables import ConsentChange, MailingContact
from components.foundation import clock, database, ids, outbox, text
from components.foundation.languages import language
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound, Refusal
from components.foundation.secrecy import signing
from components.people import customer_accounts
from components.people.facts import AccountOpened, EmailsAgreed

CONFIRMABLE = timedelta(days=14)
A_DAY = timedelta(days=1)
_CONFIRMING = "confirm consent"


class NotAsked(Refusal):
    message = N_("This link has already been used or has expired.")
    status = 410


@dataclass(frozen=True, slots=True)
class MailingStanding:
    """What holds for an address now. `waits`: kinds somebody ticked and has not confirmed."""

    contact_id: UUID | None
    agreed: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    unreachable_at: datetime | None = None
    unreachable_why: str = ""
    unreachable_words: str = ""


async def standing(email: str) -> MailingStanding:
    found = await MailingContact.objects().where(MailingContact.email == text.normal_email(email)).first()
    if found is None:
        return MailingStanding(None)
    waits = await database.fetch_values(_WAITING, found.id, clock.now() - CONFIRMABLE)
    back = (found.unreachable_at, found.unreachable_why, found.unreachable_words)
    return MailingStanding(found.id, tuple(found.agreed), tuple(waits), *back)


async def is_agreed(email: str, kind: str) -> bool:
    found = await MailingContact.select(MailingContact.agreed).where(MailingContact.email == text.normal_email(email))
    return any(kind in row["agreed"] for row in found)


_WAITING = """
SELECT kind FROM (SELECT DISTINCT ON (kind) kind, state, at FROM consent_change WHERE contact = $1
  ORDER BY kind, at DESC, id DESC) latest WHERE state = 'asked' AND at > $2 ORDER BY kind"""


async def agree(email: str, kinds: Iterable[str], *, how: str, person_id: UUID | None = None) -> bool:
    """Somebody ticked the box. Whether it counts at once: else the address is asked to confirm it by e-mail.

    It counts where the address is known to be theirs, and where the shop's country does not ask for more.
    """
    person_id = person_id if await _is_theirs(email, person_id) else None
    counts = await _is_confirmed(email, person_id) or not (await mailing_rules.current()).asks_twice
    async with database.transaction():
        contact = await _locked(email)
        just_asked = () if counts else await database.fetch_values(_JUST_ASKED, contact.id, clock.now() - A_DAY)
        for kind in _wanted(kinds, but=[*contact.agreed, *just_asked]):
            change = await _change(contact, kind, "given" if counts else "asked", how=how, person_id=person_id)
            if not counts:
                await outbox.announce(ConsentAsked(change, language.current()))
    return counts


_JUST_ASKED = _WAITING
"""Nobody's address is asked again and again because somebody else types it; one that has answered since may be."""


async def _has_said(person_id: UUID) -> bool:
    return await ConsentChange.exists().where(ConsentChange.person == person_id)


async def account_opened(fact: AccountOpened) -> None:
    """What was ticked with the account counts now: its e-mail is confirmed. May run twice."""
    person = await customer_accounts.by_id(fact.person_id) if fact.agreed else None
    if person is not None and not await _has_said(fact.person_id):
        await agree(person.email, fact.agreed, how="account", person_id=person.id)


async def emails_agreed(fact: EmailsAgreed) -> None:
    """What was ticked by somebody who had an account already. May run twice, and late: what they said since stays."""
    person = await customer_accounts.by_id(fact.person_id)
    if person is not None:
        said = await database.fetch_values(_SAID_SINCE, text.normal_email(person.email), fact.at)
        kinds = [kind for kind in fact.agreed if kind not in said]
        await agree(person.email, kinds, how="account", person_id=person.id)


_SAID_SINCE = """
SELECT kind FROM consent_change c JOIN mailing_contact m ON m.id = c.contact WHERE m.email = $1 AND c.at >= $2"""


async def withdraw(
    email: str, kinds: Iterable[str], *, how: str, person_id: UUID | None = None, by: UUID | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """Also of what only waits to be confirmed. What is withdrawn already stays as it is."""
    async with database.transaction():
        contact = await _known(email)
        if contact is not None:
            await withdraw_of(contact, kinds, how=how, person_id=person_id, by=by, reason=reason)


async def withdraw_of(
    contact: MailingContact, kinds: Iterable[str], *, how: str, person_id: UUID | None = None, by: UUID | None = None,
    reason: str = "",
) -> bool:  # fmt: skip
    """Of a row that this transaction has locked; whether there was anything to withdraw."""
    waits = await database.fetch_values(_WAITING, contact.id, clock.now() - CONFIRMABLE)
    ended = [kind for kind in kinds if kind in contact.agreed or kind in waits]
    for kind in ended:
        await _change(contact, kind, "withdrawn", how=how, person_id=person_id, by=by, reason=reason)
    return bool(ended)


async def note(email: str, kind: str, *, person_id: UUID, by: UUID, reason: str) -> None:
    """Staff note that somebody has agreed, on the telephone or on paper; `reason` says how that is known."""
    async with database.transaction():
        contact = await _locked(email)
        if kind not in contact.agreed:
            await _change(contact, kind, "given", how="staff", person_id=person_id, by=by, reason=reason)


def confirmation_token(change_id: UUID) -> str:
    return signing.stamp(change_id, purpose=_CONFIRMING)


async def waiting_change(written: str) -> ConsentChange:
    """What the link in the e-mail would confirm. Raises `NotFound`, `NotAsked`."""
    id = signing.stamped(written, purpose=_CONFIRMING)
    found = await ConsentChange.objects().where(ConsentChange.id == id).first() if id else None
    if found is None:
        raise NotFound
    if not await is_waiting(found):
        raise NotAsked
    return found


async def is_waiting(change: ConsentChange) -> bool:
    """Whether it still is to be confirmed."""
    latest = await _latest(change.contact, change.kind)
    is_latest = latest is not None and latest.id == change.id
    return is_latest and change.state == "asked" and change.at >= clock.now() - CONFIRMABLE


async def confirm(written: str) -> ConsentChange:
    """The address itself says so. Raises `NotFound`, `NotAsked`."""
    async with database.transaction():
        asked = await waiting_change(written)
        contact = await database.locked(MailingContact, MailingContact.id == asked.contact)
        assert contact is not None, "its foreign key keeps it"
        asked = await waiting_change(written)  # nobody else can have used it now
        await _change(contact, asked.kind, "given", how="confirmed", person_id=asked.person)
    return asked


async def email_of(change: ConsentChange) -> str:
    found = await MailingContact.objects().where(MailingContact.id == change.contact).first()
    return found.email if found else ""


async def change_by_id(change_id: UUID) -> ConsentChange | None:
    return await ConsentChange.objects().where(ConsentChange.id == change_id).first()


async def history(email: str) -> list[ConsentChange]:
    """Every change, the newest first."""
    found = await MailingContact.objects().where(MailingContact.email == text.normal_email(email)).first()
    if found is None:
        return []
    rows = ConsentChange.objects().where(ConsentChange.contact == found.id)
    return await rows.order_by(ConsentChange.at, ConsentChange.id, ascending=False)


async def _latest(contact: object, kind: str) -> ConsentChange | None:
    rows = ConsentChange.objects().where(ConsentChange.contact == contact, ConsentChange.kind == kind)
    return await rows.order_by(ConsentChange.at, ConsentChange.id, ascending=False).first()


async def _is_theirs(email: str, person_id: UUID | None) -> bool:
    """Anybody signed in can type somebody else's address at checkout: what is said of that is not about them."""
    person = await customer_accounts.by_id(person_id) if person_id else None
    return person is not None and text.normal_email(person.email) == text.normal_email(email)


async def _is_confirmed(email: str, person_id: UUID | None) -> bool:
    known = await customer_accounts.confirmed_email(person_id) if person_id else None
    return known is not None and known == text.normal_email(email)


def _wanted(kinds: Iterable[str], *, but: Iterable[str]) -> list[str]:
    given = [kind for kind in KINDS if kind in set(kinds)]
    return [kind for kind in given if kind not in set(but)]


async def _known(email: str) -> MailingContact | None:
    return await database.locked(MailingContact, MailingContact.email == text.normal_email(email))


async def _locked(email: str) -> MailingContact:
    """Its row, made now unless it is there."""
    row = MailingContact(id=ids.new(), email=text.normal_email(email), created_at=clock.now())
    await MailingContact.insert(row).on_conflict(action="DO NOTHING")
    found = await _known(email)
    assert found is not None, "it was there a moment ago, and only an erasure removes it"
    return found


_ONE_AFTER = timedelta(microseconds=1)
"""Which of two changes is the later one shows also where the clock stands still or is set back."""


async def _change(
    contact: MailingContact, kind: str, state: str, *, how: str, person_id: UUID | None, by: UUID | None = None,
    reason: str = "", run: UUID | None = None,
) -> UUID:  # fmt: skip
    """In the transaction that has locked the contact."""
    newest = ConsentChange.select(ConsentChange.at).order_by(ConsentChange.at, ascending=False)
    before = await newest.where(ConsentChange.contact == contact.id).first()
    at = max(clock.now(), before["at"] + _ONE_AFTER) if before else clock.now()
    row = ConsentChange(
        id=ids.new(), contact=contact.id, kind=kind, state=state, at=at, how=how, person=person_id, by=by,
        reason=reason[:2_000], run=run,
    )  # fmt: skip
    await ConsentChange.insert(row)
    others = [one for one in contact.agreed if one != kind]
    contact.agreed = sorted([*others, kind] if state == "given" else others)
    await MailingContact.update({MailingContact.agreed: contact.agreed}).where(MailingContact.id == contact.id)
    return row.id
