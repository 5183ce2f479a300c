"""Everything the price of a basket depends on, read once: lines, catalogue, delivery terms, credit, gifts, coupon."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from components.catalog.early_access import counts
from components.catalog.early_access.counts import EarlyCounts
from components.catalog.snapshot import snapshot_refresh
from components.catalog.snapshot.snapshots import Snapshot
from components.checkout.basket import basket_contents, basket_coupons, coupon_segments
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
"""Minor units: payment pages take no smaller amounts. The rest to pay after credit is nothing, or at least this."""


@dataclass(frozen=True, slots=True)
class BasketContext:
    """Passed whole to `priced_basket.price`, so that every page prices a basket from the same facts. The `fee_coupon`
    is for the fee of a plan that is joined with it.

    `gifts` are the person's unclaimed gifts; `early_counts` is what they have bought before general sale; `has_ordered`
    decides on coupons for a first order.
    """

    contents: BasketContents | None
    terms: DeliveryTerms
    snapshot: Snapshot
    balances: Balances = Balances.EMPTY
    gifts: tuple[WaitingGift, ...] = ()
    coupon: StoredCoupon | None = None
    fee_coupon: StoredCoupon | None = None
    has_ordered: bool = False
    early_counts: EarlyCounts = EarlyCounts.NONE

    def goods_only(self) -> "BasketContext":
        """The same goods without credit, gifts, coupon or earlier purchases: the basket of anybody else."""
        return replace(
            self,
            balances=Balances.EMPTY,
            gifts=(),
            coupon=None,
            fee_coupon=None,
            has_ordered=False,
            early_counts=EarlyCounts.NONE,
        )

    @property
    def order_id(self) -> UUID | None:
        """The order of this basket's running payment."""
        return self.contents.order_id if self.contents else None

    @property
    def spendable(self) -> int:
        """In minor units; credit reserved for this basket's own payment may be spent on it again."""
        return self.balances.for_order(self.order_id)

    @property
    def own_gifts(self) -> tuple[WaitingGift, ...]:
        """Gifts that are not reserved for another basket's payment."""
        return tuple(gift for gift in self.gifts if gift.order_id in (None, self.order_id))


async def load(
    token: str | None, *, person_id: UUID | None, at: datetime, email: str = "", tried: BasketContents | None = None
) -> BasketContext:
    """Everything in one round trip. With the e-mail, a guest who has ordered or used the coupon before is recognised.

    `tried` is a basket that is not stored: a preview's.
    """
    queries: list[Query[Any]] = [delivery_terms.query()]
    if token is not None:
        queries += [basket_contents.query(token), basket_coupons.query(token, person_id=person_id, email=email)]
        queries.append(basket_coupons.fee_query(token, person_id=person_id, email=email))
        queries.append(first_order.has_ordered_query(person_id, email))
    if person_id is not None:
        queries += [balances.query(person_id, at), free_products.query(person_id, at)]
        queries.append(counts.query(person_id))
    terms, *answers = await database.batch(*queries)
    found, coupon, fee_coupon, has_ordered = answers[:4] if token is not None else (None, None, None, False)
    coupon = await coupon_segments.looked_up(coupon, person_id, at)
    answers = answers[4:] if token is not None else answers
    credit, gifts, early_counts = answers if person_id is not None else (Balances.EMPTY, (), EarlyCounts.NONE)
    return BasketContext(
        tried or found, terms, snapshot_refresh.snapshot(), credit, gifts, coupon, fee_coupon, has_ordered,
        early_counts,
    )  # fmt: skip
