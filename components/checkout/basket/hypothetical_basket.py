"""The context of a basket that does not exist, for a request to price these lines. Nothing is stored."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.checkout.basket import coupon_segments
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
    quantities: Mapping[UUID, int], *, shopper: Shopper, coupon: str = "", address: str = ""
) -> BasketContext:
    """Like `basket_context.load` for a real basket, but without gifts, which exist only in a person's own basket.

    Raises `CouponUnknown`, or `TooManyTries` after too many wrong codes from one `address`.
    """
    asked: list[Query[Any]] = [delivery_terms.query(), first_order.has_ordered_query(shopper.person_id, shopper.email)]
    if shopper.person_id is not None:
        asked.append(balances.query(shopper.person_id, shopper.at))
    if coupon:
        await rate_limits.hit(GUESSES, address)
        asked.append(queries.code_query(coupon, person_id=shopper.person_id, email=shopper.email))
    terms, has_ordered, *rest = await database.batch(*asked)
    credit = rest.pop(0) if shopper.person_id is not None else Balances.EMPTY
    stored = rest.pop(0) if coupon else None
    if coupon and stored is None:
        raise CouponUnknown(coupon)
    stored = await coupon_segments.looked_up(stored, shopper.person_id, shopper.at)
    if stored is not None and not stored.refusal(shopper.redeemer(has_ordered=has_ordered)):
        await rate_limits.undo(GUESSES, address)
    contents = BasketContents(ids.new(), shopper.person_id, quantities)
    return BasketContext(contents, terms, snapshot_refresh.snapshot(), credit, (), stored, None, has_ordered)
