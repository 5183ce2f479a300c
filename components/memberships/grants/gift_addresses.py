"""A gift that was to go to a wrong e-mail address: corrected by its buyer, or by staff, until it is redeemed.

If the gift was e-mailed already it is e-mailed again at once, with a new code: the code and the link that the wrong
address got are of no use any more. One that is still to be sent keeps its code and its day.
"""

from datetime import timedelta
from uuid import UUID

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.languages.words import N_, _
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


class CorrectedMeanwhile(Refusal):
    """It goes elsewhere than the page said, or has been e-mailed since."""

    status = 409

    def __init__(self, gift: GiftMembership) -> None:
        words = _(
            "This gift was changed meanwhile, so nothing was changed now: it goes to %(email)s. Please look at it "
            "again.",
            email=gift.recipient_email,
        )
        super().__init__(words)


def may_be_corrected(gift: GiftMembership) -> bool:
    return bool(gift.recipient_email) and gift.is_redeemable and not gift_memberships.has_expired(gift)


def as_it_stands(gift: GiftMembership) -> str:
    """What a page about its address says: whether it is e-mailed already, and which address it has by now."""
    since = gift.readdressed_at.isoformat() if gift.readdressed_at else "bought"
    return f"{'sent' if gift.sent_at else 'waits'} {since}"


async def correct(gift_id: UUID, *, email: str, by: UUID, seen: str = "") -> GiftMembership:
    """`seen` is how it stood on the page. Once it is corrected, the same again is `SameAddress`.

    Raises `NotFound`, `AddressIsFixed`, `SameAddress`, `CorrectedMeanwhile`.
    """
    async with database.transaction():
        gift = await database.locked(GiftMembership, GiftMembership.id == gift_id)
        if gift is None:
            raise NotFound
        if not may_be_corrected(gift):
            raise AddressIsFixed
        if gift.recipient_email == normal_email(email):
            raise SameAddress
        if seen not in ("", as_it_stands(gift)):
            raise CorrectedMeanwhile(gift)
        was_sent = bool(gift.sent_at)
        await _readdress(gift, normal_email(email))
        await audit.record(by, "gift address corrected", "gift", gift.id, after={"sent_again": was_sent})
        await outbox.announce(GiftReaddressed(gift.id, was_sent))
        if gift.sent_at:
            await outbox.announce(GiftDue(gift.id))
    return gift


async def _readdress(gift: GiftMembership, email: str) -> None:
    """Each address has an instant of its own, which its e-mails are known by: two may be corrected within a second."""
    now = clock.now()
    is_first = not gift.readdressed_at or gift.readdressed_at < now
    gift.recipient_email = email
    gift.readdressed_at = now if is_first else gift.readdressed_at + timedelta(microseconds=1)
    if gift.sent_at:
        gift.sent_at = now
        gift_codes.keep(gift, ids.readable_code())
    table = GiftMembership
    changed = [table.recipient_email, table.readdressed_at, table.sent_at]
    await gift.save(columns=[*changed, table.code, table.code_digest, table.code_sealed])
