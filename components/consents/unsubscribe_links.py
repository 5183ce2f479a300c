"""The link that ends marketing e-mails of one kind, without signing in: RFC 8058.

It holds for ever, and names no address: whoever reads a log learns nothing. Looking at it changes nothing, because
mail scanners look; a POST does it.
"""

from dataclasses import dataclass
from uuid import UUID

from components.consents import consents, contact_moves
from components.consents.consent_words import KINDS
from components.consents.tables import MailingContact
from components.foundation import database, settings
from components.foundation.refusals import NotFound
from components.foundation.secrecy import signing

PATH = "/unsubscribe"


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """What a link is about. `is_agreed`: such e-mails are sent there now."""

    kind: str
    email: str
    is_agreed: bool
    others: tuple[str, ...]


def path(contact_id: UUID, kind: str) -> str:
    return f"{PATH}/{kind}/{signing.stamp(contact_id, purpose=f'unsubscribe {kind}')}"


def address(path: str) -> str:
    return f"{settings.current().base_url}{path}"


def contact_of(kind: str, written: str) -> UUID:
    """Raises `NotFound` for what this shop did not write."""
    known = signing.stamped(written, purpose=f"unsubscribe {kind}") if kind in KINDS else None
    if known is None:
        raise NotFound
    return known


async def about(kind: str, written: str) -> Unsubscribing | None:
    """None once the address is forgotten: nothing is sent there any more. Raises `NotFound`."""
    found = await MailingContact.objects().where(MailingContact.id == contact_of(kind, written)).first()
    return await _about(found, kind) if found else None


async def use(kind: str, written: str, *, how: str) -> Unsubscribing | None:
    """No more of this kind. A second time it changes nothing. Raises `NotFound`."""
    contact_id = contact_of(kind, written)
    async with database.transaction():
        found = await database.locked(MailingContact, MailingContact.id == contact_id)
        if found is None:
            return None
        await consents.withdraw_of(found, [kind], how=how)
    for email in await contact_moves.moved_to(contact_id, kind):
        await consents.withdraw(email, [kind], how=how)
    return await _about(found, kind)


async def use_all(kind: str, written: str) -> Unsubscribing | None:
    """No more of any kind. Raises `NotFound`."""
    contact_id = contact_of(kind, written)
    async with database.transaction():
        found = await database.locked(MailingContact, MailingContact.id == contact_id)
        if found is None:
            return None
        await consents.withdraw_of(found, KINDS, how="unsubscribe")
    for one in KINDS:
        for email in await contact_moves.moved_to(contact_id, one):
            await consents.withdraw(email, KINDS, how="unsubscribe")
    return await _about(found, kind)


async def refusal_of(path: str) -> str:
    """Why an e-mail with this link is not to go out any more, in words for staff; "" where it may."""
    _, _, kind, written = path.split("/")
    found = await MailingContact.objects().where(MailingContact.id == contact_of(kind, written)).first()
    if found is None:
        return "The address was forgotten before it could be sent."
    if found.unreachable_at:
        return "Mail to this address came back before it could be sent."
    return "" if kind in found.agreed else "They unsubscribed before it could be sent."


async def _about(found: MailingContact, kind: str) -> Unsubscribing:
    """A new address of theirs counts, and is not named: whoever has the former one now may read this."""
    agreed = {*found.agreed}
    for one in KINDS:
        agreed |= {one for email in await contact_moves.moved_to(found.id, one) if await consents.is_agreed(email, one)}
    others = tuple(one for one in KINDS if one in agreed and one != kind)
    return Unsubscribing(kind, found.email, kind in agreed, others)
