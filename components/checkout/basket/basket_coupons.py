"""The codes in a basket: one for what is in it and one for a fee, each checked again when the basket is priced."""

from uuid import UUID

from components.checkout.basket.basket_contents import BasketContents
from components.checkout.tables import Basket
from components.foundation import ids
from components.foundation.database import Query
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.memberships.facts import MembershipStarted
from components.pricing.coupons import queries
from components.pricing.coupons.eligibility import StoredCoupon

_COUPON = "SELECT b.coupon FROM basket_token t JOIN basket b ON b.id = t.basket WHERE t.digest = $1"
_FEE_COUPON = "SELECT b.fee_coupon FROM basket_token t JOIN basket b ON b.id = t.basket WHERE t.digest = $1"
_ORDER = """SELECT a."order" FROM basket_token t JOIN attempt a ON a.basket = t.basket AND a.ended_at IS NULL
WHERE t.digest = $1"""


class CouponUnknown(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(
            _("We don’t recognise the code “%(code)s”. Check the spelling or continue without it.", code=code)
        )


def query(token: str, *, person_id: UUID | None, email: str) -> Query[StoredCoupon | None]:
    """The coupon of the browser's basket; its use by the order of this basket's own running payment does not count."""
    return queries.query(_COUPON, _ORDER, (ids.digest(token),), person_id=person_id, email=email)


def fee_query(token: str, *, person_id: UUID | None, email: str) -> Query[StoredCoupon | None]:
    """The code for a fee in the browser's basket; its use by a fee of theirs that waits to be paid does not count."""
    return queries.query(_FEE_COUPON, queries.NO_ORDER, (ids.digest(token),), person_id=person_id, email=email)


async def apply(contents: BasketContents, typed: str) -> StoredCoupon:
    """Add a code to the basket, replacing another for the same. Raises `CouponUnknown`; eligibility is checked on
    pricing."""
    found = await queries.by_code(typed)
    if found is None:
        raise CouponUnknown(typed.strip()[:40])
    column = Basket.fee_coupon if found.terms.for_fees else Basket.coupon
    await Basket.update({column: found.id}).where(Basket.id == contents.id)
    return found


async def remove(basket_id: UUID) -> None:
    await Basket.update(coupon=None).where(Basket.id == basket_id)


async def remove_fee_code(basket_id: UUID) -> None:
    await Basket.update(fee_coupon=None).where(Basket.id == basket_id)


async def membership_started(fact: MembershipStarted) -> None:
    """They have paid for one, here or on the page of its plan: a code for a new one is not wanted any more."""
    if fact.source in ("subscription", "term"):
        await Basket.update(fee_coupon=None).where(Basket.person == fact.person_id)
