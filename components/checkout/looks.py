"""One look at a basket: what lies in it, the store credit its person has, and the gifts that wait for her."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components import claims, ledger
from components.checkout import contents, terms
from components.checkout.contents import Contents
from components.checkout.terms import Terms
from components.claims.gifts import Waiting
from components.foundation import database
from components.foundation.database import Question
from components.ledger import Purse

LEAST_IN_MONEY = 50
"""Minor units: payment pages take no smaller amounts. What is left to pay after credit is nothing, or this at least."""


@dataclass(frozen=True, slots=True)
class Look:
    contents: Contents | None
    terms: Terms
    purse: Purse = Purse.EMPTY
    gifts: tuple[Waiting, ...] = ()

    @property
    def order_id(self) -> UUID | None:
        """The order as which this basket is being paid already."""
        return self.contents.running.order_id if self.contents and self.contents.running else None

    @property
    def spendable(self) -> int:
        """In minor units; what is kept for this basket's own payment may be spent on it again."""
        return self.purse.for_order(self.order_id)

    @property
    def own_gifts(self) -> tuple[Waiting, ...]:
        """Gifts that are not kept for another basket's payment."""
        return tuple(gift for gift in self.gifts if gift.order_id in (None, self.order_id))


async def look(token: str | None, *, person_id: UUID | None, at: datetime) -> Look:
    """All of it in one round trip."""
    questions: list[Question[Any]] = [terms.question()]
    if token is not None:
        questions.append(contents.question(token))
    if person_id is not None:
        questions += [ledger.purses.question(person_id, at), claims.gifts.question(person_id, at)]
    known, *answers = await database.together(*questions)
    found = answers.pop(0) if token is not None else None
    purse, gifts = answers if person_id is not None else (Purse.EMPTY, ())
    return Look(found, known, purse, gifts)
