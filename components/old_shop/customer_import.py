"""Brings a customer of the earlier shop in: a new person, or gaps of one who is here already.

Nobody is written to, nobody's e-mail counts as confirmed, and there is no password: whoever wants in signs in by the
code that their e-mail gets. Nothing that is here is overwritten, and nobody's marketing is turned on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.consistency import named_rows
from components.foundation.languages import language
from components.old_shop.customer_records import CustomerRecord
from components.old_shop.record_addresses import ReadAddress
from components.old_shop.tables import OldCustomer
from components.people import addresses, customer_accounts, erasure, unclaimed_accounts
from components.people.tables import Person


@dataclass(frozen=True, slots=True)
class Brought:
    """`what`: "new", "changed", "the same", or "skipped", then `words` says why."""

    what: str
    fields: tuple[str, ...] = ()
    words: str = ""
    notes: list[str] = field(default_factory=list)


async def bring(record: CustomerRecord, *, run: UUID, file: str) -> Brought:
    """Within a transaction."""
    known = await customer_accounts.by_email(record.email)
    if known is None and await erasure.is_forgotten(record.email):
        return Brought("skipped", words="Their account here was deleted at their wish. They are not brought back.")
    person = known or await unclaimed_accounts.open_for(record.email, name=record.name, language=_language(record))
    fields = await _fill(person, record) if known is not None else []
    if not await addresses.of_person(person.id):
        fields += await _add_addresses(person.id, record.addresses)
    if await _remember(person.id, record, run=run, file=file, is_new=known is None):
        fields.append("notes")
    what = "new" if known is None else "changed" if fields else "the same"
    return Brought(what, tuple(fields) if known is not None else (), notes=_notes(record))


async def _fill(person: Person, record: CustomerRecord) -> list[str]:
    filled = []
    if not person.name and record.name:
        await customer_accounts.rename(person.id, name=record.name)
        filled.append("name")
    if not person.language and (spoken := _language(record)):
        await customer_accounts.use_language(person.id, spoken)
        filled.append("language")
    return filled


async def _add_addresses(person_id: UUID, found: Sequence[ReadAddress]) -> list[str]:
    usable = [one.parts for one in found if one.parts is not None][: addresses.MOST]
    for parts in usable:
        await addresses.add(person_id, **parts)
    return ["addresses"] if usable else []


def _language(record: CustomerRecord) -> str:
    """ "de_AT" is German; a language the shop does not speak is none."""
    code = record.language.replace("_", "-").partition("-")[0].lower()
    return code if code in language.offered() else ""


def _notes(record: CustomerRecord) -> list[str]:
    return [f"Kept for staff as it is written. {words}" for words in record.leftover]


async def _remember(person_id: UUID, record: CustomerRecord, *, run: UUID, file: str, is_new: bool) -> bool:
    """What the file says of them; whether it says something else than an earlier one."""
    before = await OldCustomer.objects().where(OldCustomer.person == person_id).lock_rows().first()
    consent, words, at = record.consent, record.consent_words, record.consent_at if record.consent else None
    if before is not None and before.consent and consent in ("", "yes"):
        consent, words, at = before.consent, before.consent_words, before.consent_at
    said: dict[Any, Any] = {
        OldCustomer.consent: consent, OldCustomer.consent_words: words, OldCustomer.consent_at: at,
        OldCustomer.tags: list(record.tags) or (before.tags if before else []),
        OldCustomer.note: record.note or (before.note if before else ""),
        OldCustomer.leftover: record.leftover or (before.leftover if before else []),
    }  # fmt: skip
    if before is None and not (is_new or any(said.values())):
        return False
    if before is None:
        kept = {
            OldCustomer.id: ids.new(), OldCustomer.person: person_id, OldCustomer.run: run, OldCustomer.file: file,
            OldCustomer.imported_at: clock.now(), OldCustomer.made_person: is_new,
        }  # fmt: skip
        await OldCustomer.insert(OldCustomer({**kept, **said}))
        return any(said.values())
    changed = any(getattr(before, column._meta.name) != value for column, value in said.items())
    if changed:
        await before.update_self({**said, OldCustomer.file: file})
    return changed


async def of_person(person_id: UUID) -> OldCustomer | None:
    return await OldCustomer.objects().where(OldCustomer.person == person_id).first()


async def undo(run: UUID) -> tuple[int, int]:
    """Remove the people that this import made and who did nothing since: how many, and how many stay."""
    async with database.transaction():
        made = await database.fetch_values(_MADE, run)
        used = await named_rows.named("person", made, but=("old_customer", *unclaimed_accounts.OWN))
        gone = await unclaimed_accounts.remove([one for one in made if one not in used])
        await database.execute("DELETE FROM old_customer WHERE person = ANY($1)", gone)
    return len(gone), len(made) - len(gone)


_MADE = "SELECT person FROM old_customer WHERE run = $1 AND made_person"
