"""What must hold of baskets and attempts at every moment, checked by database queries."""

from components.checkout.tables import Attempt, Basket, BasketLine, BasketToken, DeliveryBand, MethodZone, ZonePlace
from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references

RULES = (
    Invariant(
        "an attempt ends in a known way",
        "Attempt {id}: it has ended, but not as paid, lapsed or replaced",
        """SELECT id FROM attempt WHERE id = ANY($1) AND ((ended_at IS NULL) <> (ended_as = '')
           OR ended_as NOT IN ('', 'paid', 'lapsed', 'replaced'))""",
        each="attempt",
    ),
)

REFERENCES = references(
    (Basket, BasketToken, BasketLine, Attempt, ZonePlace, MethodZone, DeliveryBand),
    [
        (Basket.person, "person"), (Basket.coupon, "coupon"), (BasketLine.variant, "variant"),
        (Attempt.order, "orders"),
    ],
)  # fmt: skip
"""Rows that must be there, of other components too."""


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    return await invariant_walks.sentences(RULES)
