"""Redeeming a coupon: reserved for an order when placed, used when paid, returned when the order expires.

The coupon's own row is locked. Every redemption takes it by one conditional UPDATE, so that of two for the last use the
second waits for the first and then finds none left.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.database import transaction
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.foundation.text import mailbox
from components.people.facts import PersonErased
from components.people.rate_limits import RateLimit
from components.pricing.coupons import queries
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.coupons.queries import OURS
from components.pricing.tables import Coupon, CouponUse

GUESSES = RateLimit("coupon", 12, timedelta(minutes=10))
"""Wrong codes from one address: enough for typing errors, too few for guessing."""


class CouponGone(Refusal):
    """It can no longer be used for this order; the message says why."""


class _Held(NamedTuple):
    """The terms of a use that was taken."""

    first_order_only: bool
    most_each: int | None


_RESERVE = """
UPDATE coupon SET used = used + 1 WHERE id = $1 AND withdrawn_at IS NULL
AND holds(from_at, until_at, $2) AND (limit_total IS NULL OR used < limit_total)
RETURNING first_order_only, CASE WHEN first_order_only THEN 1 ELSE limit_each END AS most_each"""


async def reserve(order_id: UUID, coupon: CouponDiscount | None, *, person_id: UUID | None, email: str) -> None:
    """Reserve one use for an order, within the transaction that places it. Raises `CouponGone`."""
    if coupon is None:
        return
    at = clock.now()
    held = await database.fetch_one_as(_Held, _RESERVE, coupon.id, at)
    if held is None:
        raise await gone(coupon, at)
    email = mailbox(email) if email else ""
    if held.first_order_only and await _had_a_first(order_id, person_id, email):
        words = _("%(code)s is for first orders only, and you have already used a coupon for yours.", code=coupon.code)
        raise CouponGone(words)
    if held.most_each is not None and await _by_them(coupon.id, person_id, email) >= held.most_each:
        raise CouponGone(_("You have already used %(code)s the maximum number of times.", code=coupon.code))
    await CouponUse.insert(
        CouponUse(
            id=ids.new(), coupon=coupon.id, order_id=order_id, person=person_id, email=email, at=at, changed_at=at
        )
    )


async def _taken_again(coupon_id: UUID, *, is_first: bool) -> bool:
    one = Coupon
    again = one.update({one.used: one.used + 1}).where(one.id == coupon_id)
    again = again.where(one.limit_total.is_null() | (one.used < one.limit_total))
    if not is_first:
        again = again.where(one.first_order_only.eq(False))
    return bool(await again.returning(one.id))


async def gone(coupon: CouponDiscount, at: datetime) -> CouponGone:
    """Why no use of it could be taken, in the words of whoever looks at the coupon a moment later: somebody has just
    had the last one, or it has ended since."""
    words = (await queries.by_id(coupon.id)).over_words(at)
    return CouponGone(words or _("%(code)s has reached its usage limit.", code=coupon.code))


async def use(order_id: UUID) -> None:
    """The order is paid, possibly after it had expired: then the use is taken again, or is late if none is left."""
    async with transaction():
        held = await _held(order_id)
        if held is None or held.state in ("used", "late"):
            return
        state = "used"
        if held.state == "returned":
            await database.locked(Coupon, Coupon.id == held.coupon)  # before the person's turn, as `reserve` does
            is_first = not await _had_a_first(order_id, held.person, held.email)
            state = "used" if await _taken_again(held.coupon, is_first=is_first) else "late"
        await _become(order_id, state)


async def restore(order_id: UUID) -> None:
    """The order has expired: somebody else may use it."""
    async with transaction():
        held = await _held(order_id)
        if held is None or held.state != "reserved":
            return
        await Coupon.update(used=Coupon.used - 1).where(Coupon.id == held.coupon)
        await _become(order_id, "returned")


async def erase_person(fact: PersonErased) -> None:
    """Uses are stored without a name."""
    await CouponUse.update(person=None, email="").where(CouponUse.person == fact.person_id)
    await database.execute(_FORGET_GUEST, fact.email_digest)


_FORGET_GUEST = """
UPDATE coupon_use SET email = '' WHERE person IS NULL AND encode(sha256(convert_to(email, 'UTF8')), 'hex') = $1"""


async def _held(order_id: UUID) -> CouponUse | None:
    return await database.locked(CouponUse, CouponUse.order_id == order_id)


async def _become(order_id: UUID, state: str) -> None:
    await CouponUse.update(state=state, changed_at=clock.now()).where(CouponUse.order_id == order_id)


_THEIRS = f"{OURS} AND (u.person = $2 OR ($3 <> '' AND u.email = $3))"
_HAD_A_FIRST = f"""
SELECT EXISTS (SELECT FROM coupon_use u JOIN coupon c ON c.id = u.coupon AND c.first_order_only
WHERE u.order_id <> $1 AND {_THEIRS})"""
_USES = f"SELECT count(*) FROM coupon_use u WHERE u.coupon = $1 AND {_THEIRS}"


async def _had_a_first(order_id: UUID, person_id: UUID | None, email: str) -> bool:
    """Whether they use any first-order coupon for another order. Requests for one person or mailbox are serialised."""
    for key in sorted(filter(None, (email, str(person_id or "")))):
        await take_turns(f"first:{key}")
    return bool(await database.fetch_value(_HAD_A_FIRST, order_id, person_id, email))


async def _by_them(coupon_id: UUID, person_id: UUID | None, email: str) -> int:
    """Uses by this person, or by this e-mail. The coupon's row is locked, so none is added meanwhile."""
    return int(await database.fetch_value(_USES, coupon_id, person_id, email))
