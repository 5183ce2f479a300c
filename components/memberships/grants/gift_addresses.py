"""A gift that was to go to a wrong e-mail address: corrected by its buyer, or by staff, until it is redeemed.

If the gift was e-mailed already it is e-mailed again at once, with a new code: the code and the link that the wrong
address got are of no use any more. One that is still to be sent keeps its code and its day.
"""

from uuid import UUID

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound, Refusal
from components.foundation.text import normal_email
from components.memberships.facts import GiftDue, GiftReaddressed
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.tables import GiftMembership


class AddressIsFixed(Refusal):
    message = N_(
        "This gift’s address can’t be changed any more: the gift has been redeemed or refunded, has expired, or was "
        "for somebody whose details have been erased."
    )
    status = 409


class SameAddress(Refusal):
    message = N_("The gift already goes to this address.")


def may_be_corrected(gift: GiftMembership) -> bool:
    return bool(gift.recipient_email) and gift.is_redeemable and not gift_memberships.has_expired(gift)


async def correct(gift_id: UUID, *, email: str, by: UUID) -> GiftMembership:
    """Raises `NotFound`, `AddressIsFixed`, `SameAddress`. Once it is corrected, the same again is `SameAddress`."""
    async with database.transaction():
        gift = await database.locked(GiftMembership, GiftMembership.id == gift_id)
        if gift is None:
            raise NotFound
        if not may_be_corrected(gift):
            raise AddressIsFixed
        if gift.recipient_email == normal_email(email):
            raise SameAddress
        was_sent = bool(gift.sent_at)
        await _readdress(gift, normal_email(email))
        await audit.record(by, "gift address corrected", "gift", gift.id, after={"sent_again": was_sent})
        await outbox.announce(GiftReaddressed(gift.id, was_sent))
        if gift.sent_at:
            await outbox.announce(GiftDue(gift.id))
    return gift


async def _readdress(gift: GiftMembership, email: str) -> None:
    now = clock.now()
    gift.recipient_email, gift.readdressed_at = email, now
    if gift.sent_at:
        gift.sent_at = now
        gift_codes.keep(gift, ids.readable_code())
    table = GiftMembership
    changed = [table.recipient_email, table.readdressed_at, table.sent_at]
    await gift.save(columns=[*changed, table.code, table.code_digest, table.code_sealed])
