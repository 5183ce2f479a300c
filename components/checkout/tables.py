from piccolo.columns import UUID, Array, BigInt, Bytea, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class Basket(Table):
    """What somebody means to buy. A guest's is found by the digest of a cookie's token, a known person's by who they are."""

    id = UUID(primary_key=True, default=None)
    token_digest = Bytea(unique=True)
    person = UUID(null=True, default=None)
    changed_at = Timestamptz(default=None, index=True)


class BasketLine(Table):
    id = UUID(primary_key=True, default=None)
    basket = ForeignKey(Basket, null=False, default=None)
    variant = UUID(default=None)
    quantity = Integer()
    added_at = Timestamptz(default=None)

    once_per_basket = Unique([basket, variant])


class Attempt(Table):
    """One go at paying for a basket: which order it made, and what exactly was agreed to.

    `agreed` is a digest of lines, prices, address and delivery: the same again is the same attempt.
    `ended_as`: paid, lapsed or replaced.
    """

    id = UUID(primary_key=True, default=None)
    basket = UUID(default=None, index=True)
    order = UUID(default=None, unique=True)
    form_key = UUID(default=None, index=True)
    agreed = Bytea()
    at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_as = Varchar(length=20, default="")


class DeliveryMethod(Table):
    """A way to send a parcel to some countries, for a fee in minor units; free from `free_from` of goods when set."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=100)
    words = Varchar(length=200, default="")
    fee = BigInt()
    countries = Array(base_column=Varchar(length=2))
    free_from = BigInt(null=True, default=None)
    position = Integer(default=0)
    ended_at = Timestamptz(null=True, default=None)


class TaxRate(Table):
    """The tax that prices include for parcels to a country, in basis points."""

    id = UUID(primary_key=True, default=None)
    country = Varchar(length=2, unique=True)
    rate_bp = Integer()
    name = Varchar(length=60)


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX one_basket_per_person ON basket (person) WHERE person IS NOT NULL",
    "ALTER TABLE basket_line ADD CONSTRAINT basket_line_has_units CHECK (quantity BETWEEN 1 AND 99)",
    "CREATE UNIQUE INDEX one_running_attempt_per_basket ON attempt (basket) WHERE ended_at IS NULL",
    "ALTER TABLE delivery_method ADD CONSTRAINT delivery_fee_is_not_negative CHECK (fee >= 0 AND free_from >= 0)",
    "ALTER TABLE tax_rate ADD CONSTRAINT tax_rate_is_a_share CHECK (rate_bp BETWEEN 0 AND 10000)",
)
