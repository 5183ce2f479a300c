"""One look at a basket: what lies in it, what its person has in credit and had early, the gifts that wait for her."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.catalog.early_access import counts
from components.catalog.early_access.counts import EarlyCounts
from components.checkout.basket import basket_contents, basket_coupons
from components.checkout.basket.basket_contents import BasketContents
from components.checkout.delivery import delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.foundation import database
from components.foundation.database import Query
from components.ledger import balances
from components.ledger.balances import Balances
from components.orders.history import first_order
from components.pricing.coupons.eligibility import StoredCoupon
from components.rewards import free_products
from components.rewards.free_products import WaitingGift

LEAST_IN_MONEY = 50
"""Minor units: payment pages take no smaller amounts. What is left to pay after credit is nothing, or this at least."""


@dataclass(frozen=True, slots=True)
class BasketContext:
    contents: BasketContents | None
    terms: DeliveryTerms
    purse: Balances = Balances.EMPTY
    gifts: tuple[WaitingGift, ...] = ()
    coupon: StoredCoupon | None = None
    has_ordered: bool = False
    had: EarlyCounts = EarlyCounts.NONE

    @property
    def order_id(self) -> UUID | None:
        """The order as which this basket is being paid already."""
        return self.contents.order_id if self.contents else None

    @property
    def spendable(self) -> int:
        """In minor units; what is kept for this basket's own payment may be spent on it again."""
        return self.purse.for_order(self.order_id)

    @property
    def own_gifts(self) -> tuple[WaitingGift, ...]:
        """Gifts that are not kept for another basket's payment."""
        return tuple(gift for gift in self.gifts if gift.order_id in (None, self.order_id))


async def load(
    token: str | None, *, person_id: UUID | None, at: datetime, email: str = "", tried: BasketContents | None = None
) -> BasketContext:
    """All of it in one round trip. By the e-mail a guest is known who has ordered, or used the coupon, before.

    `tried` is a basket that lies in no row: a preview's.
    """
    questions: list[Query[Any]] = [delivery_terms.query()]
    if token is not None:
        questions += [basket_contents.query(token), basket_coupons.query(token, person_id=person_id, email=email)]
        questions.append(first_order.has_ordered_query(person_id, email))
    if person_id is not None:
        questions += [balances.query(person_id, at), free_products.query(person_id, at)]
        questions.append(counts.query(person_id))
    known, *answers = await database.batch(*questions)
    found, coupon, has_ordered = answers[:3] if token is not None else (None, None, False)
    answers = answers[3:] if token is not None else answers
    purse, gifts, had = answers if person_id is not None else (Balances.EMPTY, (), EarlyCounts.NONE)
    return BasketContext(tried or found, known, purse, gifts, coupon, has_ordered, had)
