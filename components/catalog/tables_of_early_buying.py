"""The rows behind early buying: what left before its product opened to everybody, and who has how much of it."""

from piccolo.columns import UUID, ForeignKey, Integer, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table

from components.catalog.tables import Variant


class EarlyUnits(Table):
    """Units of one variant that one order took before its product opened to everybody.

    Of ``quantity``, ``returned`` have gone back to the allotment. ``bought`` of them are no presents and count for the
    member, less those that were ``refunded``; she was allowed ``most`` of the product when she ordered.
    """

    id = UUID(primary_key=True, default=None)
    variant = ForeignKey(references=Variant, null=False, on_delete=OnDelete.restrict, index=True)
    product = UUID(default=None)
    person = UUID(null=True, default=None)
    because_of = UUID(default=None)
    quantity = Integer()
    returned = Integer(default=0)
    bought = Integer()
    refunded = Integer(default=0)
    most = Integer(null=True, default=None)
    at = Timestamptz(default=None)

    once_per_order = Unique([because_of, variant])


class EarlyCount(Table):
    """How many early units of a product a member has: the row that decides when several orders of hers come at once."""

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    product = UUID(default=None)
    units = Integer()

    one_per_product = Unique([person, product])


DDL: tuple[str, ...] = (
    """ALTER TABLE early_units ADD CONSTRAINT early_units_come_back_once CHECK (quantity > 0
       AND bought BETWEEN 0 AND quantity AND returned BETWEEN 0 AND quantity AND refunded BETWEEN 0 AND bought)""",
    "ALTER TABLE early_count ADD CONSTRAINT early_count_is_not_negative CHECK (units >= 0)",
    "CREATE INDEX early_units_of_person ON early_units (person) WHERE person IS NOT NULL",
)
