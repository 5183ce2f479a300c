"""What becomes of consents when an account's e-mail changes, and when the person is erased."""

from uuid import UUID

from components.consents import consents
from components.consents.tables import MailingContact
from components.foundation import database
from components.people import customer_accounts, email_confirmations
from components.people.facts import EmailChanged, PersonErased


async def follow_email(fact: EmailChanged) -> None:
    """They agreed, not the address: what the former one gets, the new one does, which is confirmed. May run twice."""
    change = await email_confirmations.confirmed_by(fact.confirmation_id)
    if change is None or not change.former or change.former == change.email:
        return
    async with database.transaction():
        rows = MailingContact.objects().where(MailingContact.email.is_in([change.former, change.email]))
        known = {one.email: one for one in await rows.order_by(MailingContact.id).lock_rows()}
        former = known.get(change.former)
        if former is None or not former.agreed:
            return
        kinds = tuple(former.agreed)
        refused = await database.fetch_values(_REFUSED, known[change.email].id) if change.email in known else ()
        moving = [kind for kind in kinds if kind not in refused]
        await consents.agree(change.email, moving, how="new address", person_id=fact.person_id)
        await consents.withdraw(change.former, kinds, how="new address", person_id=fact.person_id)


_REFUSED = """
SELECT kind FROM (SELECT DISTINCT ON (kind) kind, state, how FROM consent_change WHERE contact = $1
  ORDER BY kind, at DESC, id DESC) latest
WHERE state = 'withdrawn' AND how NOT IN ('new address', 'import undone')"""


async def moved_to(contact_id: UUID, kind: str) -> tuple[str, ...]:
    """Where e-mails of this kind that came to this address go now, because its owner changed their address."""
    people = await database.fetch_values(_MOVED, contact_id, kind)
    found = [await customer_accounts.by_id(one) for one in people]
    return tuple(one.email for one in found if one)


_MOVED = """
SELECT person FROM (SELECT DISTINCT ON (kind) state, how, person FROM consent_change
  WHERE contact = $1 AND kind = $2 ORDER BY kind, at DESC, id DESC) latest
WHERE state = 'withdrawn' AND how = 'new address' AND person IS NOT NULL"""


async def erase_person(fact: PersonErased) -> None:
    """What was said of the address that was theirs, and of one that nobody else ever said anything of."""
    await database.execute(_ERASE, fact.person_id, fact.email_digest)


_ERASE = """
DELETE FROM mailing_contact m WHERE encode(sha256(convert_to(email, 'UTF8')), 'hex') = $2
  OR EXISTS (SELECT FROM consent_change c WHERE c.contact = m.id AND c.person = $1)
    AND NOT EXISTS (SELECT FROM consent_change c WHERE c.contact = m.id AND c.person IS DISTINCT FROM $1)"""
