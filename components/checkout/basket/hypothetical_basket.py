"""A basket that nobody has: the look at one with these lines in it, for somebody who only asks. Nothing is kept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from components.checkout.basket.basket_contents import BasketContents
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.basket_coupons import CouponUnknown
from components.checkout.basket.priced_basket import Shopper
from components.checkout.delivery import delivery_terms
from components.foundation import database, ids
from components.foundation.database import Query
from components.ledger import balances
from components.ledger.balances import Balances
from components.orders.history import first_order
from components.people import rate_limits
from components.pricing.coupons import queries
from components.pricing.coupons.redemptions import GUESSES


async def load(
    quantities: Mapping[UUID, int], *, shopper: Shopper, email: str = "", coupon: str = "", address: str = ""
) -> BasketContext:
    """As `looks.look` has it of a real basket, without gifts: those lie in her own basket only.

    Raises `CouponUnknown`, or `TooManyTries` when codes are being guessed from one `address`.
    """
    questions: list[Query[Any]] = [delivery_terms.query(), first_order.has_ordered_query(shopper.person_id, email)]
    if shopper.person_id is not None:
        questions.append(balances.query(shopper.person_id, shopper.at))
    if coupon:
        await rate_limits.hit(GUESSES, address)
        questions.append(queries.code_query(coupon, person_id=shopper.person_id, email=email))
    known, has_ordered, *rest = await database.batch(*questions)
    purse = rest.pop(0) if shopper.person_id is not None else Balances.EMPTY
    kept = rest.pop(0) if coupon else None
    if coupon and kept is None:
        raise CouponUnknown(coupon)
    if kept is not None and not kept.refusal(shopper.redeemer(has_ordered=has_ordered)):
        await rate_limits.undo(GUESSES, address)
    contents = BasketContents(ids.new(), shopper.person_id, quantities)
    return BasketContext(contents, known, purse, (), kept, has_ordered)
