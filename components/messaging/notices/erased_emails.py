"""What e-mails to others say of an erased person: who gave them a gift, shared a membership or wrote to the shop.

That such an e-mail was sent, to whom and when, stays on record; what it said is deleted.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column
from piccolo.columns.combination import Combinable

from components.foundation import clock, database
from components.memberships import given_and_shared
from components.memberships.facts import GiftDue
from components.memberships.grants import gift_memberships
from components.messaging.emails import gift_emails
from components.messaging.tables import Email
from components.people import customer_accounts
from components.people.facts import PersonErased

OF_GIFTS = ("gift_receipt", "gift_readdressed", "gift_expiring")
OF_SHARED = ("seat_on_hold", "seat_back", "membership_started")


async def erase_told_to_others(fact: PersonErased) -> None:
    """Before their gifts lose their name and whom they go to. May run twice."""
    ties = await given_and_shared.of(fact.person_id)
    for gift_id in ties.given:
        await _write_again(gift_id)
    await _empty(_about(("gift",), ties.given), but_waiting=True)
    await _empty(_about(OF_GIFTS, ties.got))
    since = await customer_accounts.erased_at(fact.person_id) or clock.now()
    await _empty(_about(("seat_offered",), ties.shared))
    await _empty(_about(("seat_ended",), ties.shared), before=since)  # since then it names nobody
    await _empty(_about(OF_SHARED, ties.held))
    if written := await database.fetch_values(_WRITTEN_BY, fact.email_digest):
        await _empty(Email.id.is_in(written))


_WRITTEN_BY = """
SELECT e.id FROM email e CROSS JOIN LATERAL sha256(convert_to(e.reply_to, 'UTF8')) AS writer
WHERE e.template = 'contact_message' AND encode(writer, 'hex') = $1
"""
_WAITS = Email.handed_over_at.is_null() & Email.sent_at.is_null() & Email.failed_at.is_null()
_IS_GONE = Email.handed_over_at.is_not_null() | Email.sent_at.is_not_null() | Email.failed_at.is_not_null()


def _about(templates: Iterable[str], about: Iterable[UUID]) -> Combinable | None:
    """By their keys, which name what they are about."""
    named: Any = None
    for one in about:
        is_it = Email.key.like(f"%:{one}%")
        named = is_it if named is None else named | is_it
    return None if named is None else Email.template.is_in(list(templates)) & named


async def _write_again(gift_id: UUID) -> None:
    """An e-mail that waits for the mail server still goes, without their name and message."""
    if not (await gift_memberships.by_id(gift_id)).giver_name:
        return
    which = _about(("gift",), [gift_id])
    assert which is not None
    async with database.transaction():
        if await Email.delete().where(which & _WAITS & Email.emptied_at.is_null()).returning(Email.id):
            await gift_emails.gift(GiftDue(gift_id), is_named=False)


async def _empty(which: Combinable | None, *, but_waiting: bool = False, before: datetime | None = None) -> None:
    if which is None:
        return
    if before is not None:
        which = which & (Email.created_at < before)
    emptied: dict[Column | str, Any] = {
        Email.subject: "Erased", Email.html: "", Email.text: "", Email.placeholder_values: None, Email.secrets: None,
        Email.reply_to: "", Email.emptied_at: clock.now(),
    }  # fmt: skip
    whole = which & _IS_GONE if but_waiting else which
    await Email.update(emptied).where(whole & Email.emptied_at.is_null())
