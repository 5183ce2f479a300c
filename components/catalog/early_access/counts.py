"""How many early units a member has bought so far, read in the same batch as their basket."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from components.foundation import database
from components.foundation.database import Query


@dataclass(frozen=True, slots=True)
class EarlyCounts:
    """Units by product and by the order they belong to."""

    NONE: ClassVar["EarlyCounts"]

    units: Mapping[UUID, Mapping[UUID, int]] = field(default_factory=dict)

    def of(self, product_id: UUID, *, beside: UUID | None = None) -> int:
        """How many units of the product the member already has, without those of the order `beside`."""
        found = self.units.get(product_id, {})
        return sum(units for order_id, units in found.items() if order_id != beside)


EarlyCounts.NONE = EarlyCounts()


_COUNTS = """
SELECT coalesce(json_agg(json_build_array(product, because_of, units)), '[]') FROM (
  SELECT product, because_of, sum(bought - refunded) AS units FROM early_units
  WHERE person = $1 GROUP BY product, because_of) h WHERE units > 0"""


def query(person_id: UUID) -> Query[EarlyCounts]:
    return Query(_COUNTS, (person_id,), _read)


async def for_person(person_id: UUID | None) -> EarlyCounts:
    if person_id is None:
        return EarlyCounts.NONE
    (found,) = await database.batch(query(person_id))
    return found  # type: ignore[no-any-return]


def _read(found: Any) -> EarlyCounts:
    units: dict[UUID, dict[UUID, int]] = {}
    for product_id, order_id, quantity in found:
        units.setdefault(UUID(product_id), {})[UUID(order_id)] = int(quantity)
    return EarlyCounts(units)
