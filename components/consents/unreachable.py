"""Addresses that mail comes back from, and those whose owner reported it as spam: no marketing e-mails any more."""

from typing import Any
from uuid import UUID

from piccolo.columns import Column
from piccolo.columns.combination import Combinable

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
    one = MailingContact
    is_news: Combinable = one.unreachable_at.is_null()
    if why == "complaint":
        is_news = is_news | (one.unreachable_why == "bounce")
    noted: dict[Column | str, Any] = {
        one.unreachable_at: clock.now(), one.unreachable_why: why, one.unreachable_words: words[:300],
    }  # fmt: skip
    return bool(await one.update(noted).where(one.email == text.normal_email(email), is_news).returning(one.id))
