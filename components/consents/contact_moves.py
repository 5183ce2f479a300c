"""What becomes of consents when an account's e-mail changes, and when the person is erased."""

from components.consents import consents
from components.consents.tables import MailingContact
from components.foundation import database
from components.people import email_confirmations
from components.people.facts import EmailChanged, PersonErased


async def follow_email(fact: EmailChanged) -> None:
    """They agreed, not the address: what the former one gets, the new one does, which is confirmed. May run twice."""
    change = await email_confirmations.confirmed_by(fact.confirmation_id)
    if change is None or not change.former or change.former == change.email:
        return
    former = await MailingContact.objects().where(MailingContact.email == change.former).first()
    if former is None or not former.agreed:
        return
    kinds = tuple(former.agreed)
    async with database.transaction():
        await consents.agree(change.email, kinds, how="new address", person_id=fact.person_id)
        await consents.withdraw(change.former, kinds, how="new address", person_id=fact.person_id)


async def erase_person(fact: PersonErased) -> None:
    """What was said of the address that was theirs, and of one that nobody else ever said anything of."""
    await database.execute(_ERASE, fact.person_id, fact.email_digest)


_ERASE = """
DELETE FROM mailing_contact m WHERE encode(sha256(convert_to(email, 'UTF8')), 'hex') = $2
  OR EXISTS (SELECT FROM consent_change c WHERE c.contact = m.id AND c.person = $1)
    AND NOT EXISTS (SELECT FROM consent_change c WHERE c.contact = m.id AND c.person IS DISTINCT FROM $1)"""
