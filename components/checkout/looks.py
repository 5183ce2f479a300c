"""One look at a basket: what lies in it, what its person has in credit and had early, the gifts that wait for her."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components import claims, ledger, orders
from components.catalog import Had, early_had
from components.checkout import basket_coupons, contents, terms
from components.checkout.contents import Contents
from components.checkout.terms import Terms
from components.claims.gifts import Waiting
from components.foundation import database
from components.foundation.database import Question
from components.ledger import Purse
from components.pricing import KeptCoupon

LEAST_IN_MONEY = 50
"""Minor units: payment pages take no smaller amounts. What is left to pay after credit is nothing, or this at least."""


@dataclass(frozen=True, slots=True)
class Look:
    contents: Contents | None
    terms: Terms
    purse: Purse = Purse.EMPTY
    gifts: tuple[Waiting, ...] = ()
    coupon: KeptCoupon | None = None
    has_ordered: bool = False
    had: Had = Had.NONE

    @property
    def order_id(self) -> UUID | None:
        """The order as which this basket is being paid already."""
        return self.contents.order_id if self.contents else None

    @property
    def spendable(self) -> int:
        """In minor units; what is kept for this basket's own payment may be spent on it again."""
        return self.purse.for_order(self.order_id)

    @property
    def own_gifts(self) -> tuple[Waiting, ...]:
        """Gifts that are not kept for another basket's payment."""
        return tuple(gift for gift in self.gifts if gift.order_id in (None, self.order_id))


async def look(
    token: str | None, *, person_id: UUID | None, at: datetime, email: str = "", tried: Contents | None = None
) -> Look:
    """All of it in one round trip. By the e-mail a guest is known who has ordered, or used the coupon, before.

    `tried` is a basket that lies in no row: a preview's.
    """
    questions: list[Question[Any]] = [terms.question()]
    if token is not None:
        questions += [contents.question(token), basket_coupons.question(token, person_id=person_id, email=email)]
        questions.append(orders.ordered_question(person_id, email))
    if person_id is not None:
        questions += [ledger.purses.question(person_id, at), claims.gifts.question(person_id, at)]
        questions.append(early_had.question(person_id))
    known, *answers = await database.together(*questions)
    found, coupon, has_ordered = answers[:3] if token is not None else (None, None, False)
    answers = answers[3:] if token is not None else answers
    purse, gifts, had = answers if person_id is not None else (Purse.EMPTY, (), Had.NONE)
    return Look(tried or found, known, purse, gifts, coupon, has_ordered, had)
