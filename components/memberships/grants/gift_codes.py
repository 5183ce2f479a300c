"""Codes of gift memberships: found by a keyed digest, read again by the buyer, and in no table as they are typed."""

from components.foundation import ids
from components.foundation.secrecy import encryption, signing
from components.memberships.tables import GiftMembership

_PURPOSE = "gift code"


def keep(gift: GiftMembership, code: str) -> None:
    """Not saved yet: the digest to find the gift by, and the code encrypted."""
    code = normal_code(code)
    gift.code = None
    gift.code_digest = signing.digests(code, purpose=_PURPOSE)[0]
    gift.code_sealed = encryption.encrypt(code, purpose=_PURPOSE)


def code_of(gift: GiftMembership) -> str:
    """For the buyer and the recipient; empty when the shop's secret was replaced and its former one is not named."""
    return encryption.decrypt(gift.code_sealed, purpose=_PURPOSE) or ""


def known_as(typed: str) -> list[bytes]:
    """The digests under which a gift with this code may be kept."""
    return list(signing.digests(normal_code(typed), purpose=_PURPOSE))


def normal_code(typed: str) -> str:
    """However it is typed: "abcd efgh-jkmn" is "ABCD-EFGH-JKMN"."""
    plain = "".join(letter for letter in typed.upper() if letter in ids.SPOKEN)
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))[:24]


async def keep_under_todays_secret() -> int:
    """At each start: codes in clear, from before, and those kept under a secret that was replaced. Returns how many.

    May run in several processes at once, and any number of times.
    """
    done, after = 0, None
    while batch := await _next_batch(after):
        after = batch[-1].id
        for gift in batch:
            code = gift.code or code_of(gift)
            if code and (gift.code or gift.code_digest != known_as(code)[0]):
                keep(gift, code)
                await gift.save(columns=[GiftMembership.code, GiftMembership.code_digest, GiftMembership.code_sealed])
                done += 1
    return done


async def _next_batch(after: object) -> list[GiftMembership]:
    found = GiftMembership.objects().where(GiftMembership.redeemed_at.is_null() | GiftMembership.code.is_not_null())
    if after is not None:
        found = found.where(GiftMembership.id > after)
    return await found.order_by(GiftMembership.id).limit(500)
