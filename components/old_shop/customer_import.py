"""Brings customers of the earlier shop in: each a new person, or gaps of one who is here already.

Nobody is written to, nobody's e-mail counts as confirmed, and there is no password: whoever wants in signs in by the
code that their e-mail gets. Nothing that is here is overwritten. What the file says of marketing counts where they have
said nothing here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from components.consents import consent_import
from components.consents.consent_import import FileConsent
from components.foundation import clock, database, ids
from components.foundation.consistency import named_rows
from components.foundation.database import any_of
from components.foundation.languages import language
from components.old_shop.customer_records import CustomerRecord
from components.old_shop.tables import OldCustomer
from components.people import addresses, customer_accounts, unclaimed_accounts
from components.people.addresses import AddressParts
from components.people.privacy import erasure
from components.people.tables import Person
from components.people.unclaimed_accounts import Newcomer


@dataclass(frozen=True, slots=True)
class Brought:
    """`what`: "new", "changed", "the same", or "skipped", then `words` says why."""

    what: str
    fields: tuple[str, ...] = ()
    words: str = ""
    notes: list[str] = field(default_factory=list)


async def bring_all(records: Sequence[CustomerRecord], *, run: UUID, file: str) -> list[Brought]:
    """Within a transaction, each of another e-mail. Raises `EmailTaken` if somebody signs up at this moment."""
    known = await customer_accounts.by_emails(record.email for record in records)
    forgotten = await erasure.forgotten(record.email for record in records if record.email not in known)
    new = [record for record in records if record.email not in known and record.email not in forgotten]
    newcomers = [Newcomer(record.email, record.name, _language(record)) for record in new]
    opened = await unclaimed_accounts.open_all(newcomers)
    people = {record.email: id for record, id in zip(new, opened, strict=True)}
    people |= {email: person.id for email, person in known.items()}
    usable = {people[one.email]: _usable(one) for one in records if one.email in people}
    housed = await addresses.add_first({id: found for id, found in usable.items() if found})
    told = await _remember_all([one for one in records if one.email in people], people, {*opened}, run=run, file=file)
    await consent_import.take_over([_consent(one) for one in records if one.email in people and one.consent], run=run)
    made = []
    for record in records:
        if record.email in forgotten:
            made.append(Brought("skipped", words=_FORGOTTEN))
        elif record.email in known:
            fields = await _fill(known[record.email], record)
            fields += ["addresses"] * (people[record.email] in housed) + ["notes"] * (record.email in told)
            made.append(Brought("changed" if fields else "the same", tuple(fields), notes=_notes(record)))
        else:
            made.append(Brought("new", notes=_notes(record)))
    return made


def _consent(record: CustomerRecord) -> FileConsent:
    return FileConsent(record.email, record.consent, record.consent_words, record.consent_at)


_FORGOTTEN = "Their account here was deleted at their wish. They are not brought back."


async def _fill(person: Person, record: CustomerRecord) -> list[str]:
    filled = []
    if not person.name and record.name:
        await customer_accounts.rename(person.id, name=record.name)
        filled.append("name")
    if not person.language and (spoken := _language(record)):
        await customer_accounts.use_language(person.id, spoken)
        filled.append("language")
    return filled


def _usable(record: CustomerRecord) -> list[AddressParts]:
    return [one.parts for one in record.addresses if one.parts is not None]


def _language(record: CustomerRecord) -> str:
    """ "de_AT" is German; a language the shop does not speak is none."""
    code = record.language.replace("_", "-").partition("-")[0].lower()
    return code if code in language.offered() else ""


def _notes(record: CustomerRecord) -> list[str]:
    return [f"Kept for staff as it is written. {words}" for words in record.leftover]


async def _remember_all(
    records: Sequence[CustomerRecord], people: Mapping[str, UUID], opened: set[UUID], *, run: UUID, file: str
) -> set[str]:
    """What the file says of them; of whom it says something else than an earlier one."""
    old = [people[record.email] for record in records if people[record.email] not in opened]
    rows = await OldCustomer.objects().where(OldCustomer.person.is_in(old)).lock_rows() if old else []
    before = {row.person: row for row in rows}
    new, told, at = [], set(), clock.now()
    for record in records:
        person = people[record.email]
        row = before.get(person)
        said = _said(record, row)
        if row is None and (person in opened or any(said.values())):
            new.append((ids.new(), person, run, file, at, person in opened, *said.values()))
            told |= {record.email} if any(said.values()) else set()
        elif row is not None and any(getattr(row, name) != value for name, value in said.items()):
            values: dict[Any, Any] = {**said, "file": file}
            await row.update_self(values)
            told.add(record.email)
    await database.insert_rows(OldCustomer, _COLUMNS, new)
    return told


_SAID = ("consent", "consent_words", "consent_at", "tags", "note", "leftover")
_COLUMNS = ("id", "person", "run", "file", "imported_at", "made_person", *_SAID)


def _said(record: CustomerRecord, before: OldCustomer | None) -> dict[str, Any]:
    consent, words, at = record.consent, record.consent_words, record.consent_at if record.consent else None
    if before is not None and before.consent and consent in ("", "yes"):
        consent, words, at = before.consent, before.consent_words, before.consent_at
    tags = list(record.tags) or (before.tags if before else [])
    note = record.note or (before.note if before else "")
    leftover = record.leftover or (before.leftover if before else [])
    return dict(zip(_SAID, (consent, words, at, tags, note, leftover), strict=True))


async def of_person(person_id: UUID) -> OldCustomer | None:
    return await OldCustomer.objects().where(OldCustomer.person == person_id).first()


async def _made(run: UUID) -> list[UUID]:
    one = OldCustomer
    return await one.select(one.person).where(one.run == run, one.made_person.eq(True)).output(as_list=True)


async def undo(run: UUID) -> tuple[int, int]:
    """Remove the people that this import made and who did nothing since: how many, and how many stay."""
    async with database.transaction():
        made = await _made(run)
        used = await named_rows.named("person", made, but=("old_customer", *unclaimed_accounts.OWN))
        called = await customer_accounts.called(made)
        gone = await unclaimed_accounts.remove([one for one in made if one not in used])
        await consent_import.take_back(run, [called[one] for one in gone if one in called])
        await OldCustomer.delete().where(any_of(OldCustomer.person, gone))
    return len(gone), len(made) - len(gone)
