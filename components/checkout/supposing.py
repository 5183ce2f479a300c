"""A basket that nobody has: the look at one with these lines in it, for somebody who only asks. Nothing is kept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from components import ledger, orders
from components.checkout import terms
from components.checkout.basket_coupons import CouponUnknown
from components.checkout.contents import Contents
from components.checkout.looks import Look
from components.checkout.shown import Shopper
from components.foundation import database, ids
from components.foundation.database import Question
from components.ledger import Purse
from components.people import tries
from components.pricing import coupon_rows
from components.pricing.coupon_terms import normal_code
from components.pricing.redemptions import GUESSES

_BY_CODE = "SELECT id FROM coupon WHERE code = $1"
_NO_ORDER = "NULL::uuid"


async def look(
    quantities: Mapping[UUID, int], *, shopper: Shopper, email: str = "", coupon: str = "", address: str = ""
) -> Look:
    """As `looks.look` has it of a real basket, without gifts: those lie in her own basket only.

    Raises `CouponUnknown`, or `TooManyTries` when codes are being guessed from one `address`.
    """
    questions: list[Question[Any]] = [terms.question(), orders.ordered_question(shopper.person_id, email)]
    if shopper.person_id is not None:
        questions.append(ledger.purses.question(shopper.person_id, shopper.at))
    if coupon:
        await tries.count(GUESSES, address)
        code = (normal_code(coupon),)
        questions.append(coupon_rows.question(_BY_CODE, _NO_ORDER, code, person_id=shopper.person_id, email=email))
    known, has_ordered, *rest = await database.together(*questions)
    purse = rest.pop(0) if shopper.person_id is not None else Purse.EMPTY
    kept = rest.pop(0) if coupon else None
    if coupon and kept is None:
        raise CouponUnknown(coupon)
    if kept is not None and not kept.refusal(shopper.redeemer(has_ordered=has_ordered)):
        await tries.take_back(GUESSES, address)
    contents = Contents(ids.new(), shopper.person_id, quantities)
    return Look(contents, known, purse, (), kept, has_ordered)
