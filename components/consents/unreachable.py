"""Addresses that mail comes back from, and those whose owner reported it as spam: no marketing e-mails any more."""

from uuid import UUID

from components.consents import consents
from components.consents.consent_words import KINDS
from components.consents.tables import MailingContact
from components.foundation import audit, clock, database, text


async def bounced(email: str, words: str) -> bool:
    """A permanent failure. Whether the address was known, and reachable until now."""
    return await _note(email, "bounce", words)


async def complained(email: str, words: str) -> bool:
    """The same, and whatever they agreed to is withdrawn."""
    async with database.transaction():
        is_new = await _note(email, "complaint", words)
        await consents.withdraw(email, KINDS, how="complaint")
    return is_new


async def reachable_again(email: str, *, by: UUID, person_id: UUID) -> None:
    """Staff know that the address works; what was withdrawn stays so."""
    async with database.transaction():
        ended = await MailingContact.update(
            {
                MailingContact.unreachable_at: None,
                MailingContact.unreachable_why: "",
                MailingContact.unreachable_words: "",
            }
        ).where(
            (MailingContact.email == text.normal_email(email)) & MailingContact.unreachable_at.is_not_null()
        ).returning(MailingContact.id)  # fmt: skip
        if ended:
            await audit.record(by, "address counts as reachable", "person", person_id)


async def _note(email: str, why: str, words: str) -> bool:
    """A complaint counts for more than a bounce, and the first of each stays."""
    noted = await database.fetch_values(_NOTE, text.normal_email(email), clock.now(), why, words[:300])
    return bool(noted)


_NOTE = """
UPDATE mailing_contact SET unreachable_at = $2, unreachable_why = $3, unreachable_words = $4
WHERE email = $1 AND (unreachable_at IS NULL OR $3 = 'complaint' AND unreachable_why = 'bounce') RETURNING id"""
