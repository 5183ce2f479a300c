from piccolo.columns import JSON, UUID, BigInt, Boolean, Bytea, Date, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table


class Basket(Table):
    """What somebody intends to buy: a browser's basket, or a person's, which is the same in all their browsers.

    `coupon` is for what is in it, `fee_coupon` for the fee of a membership that is joined together with its order.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(null=True, default=None)
    coupon = UUID(null=True, default=None)
    fee_coupon = UUID(null=True, default=None)
    changed_at = Timestamptz(default=None, index=True)

    @property
    def is_anybodys(self) -> bool:
        """Nobody has signed in with it yet."""
        return self.person is None


class BasketToken(Table):
    """Which basket a browser's cookie refers to. Only the token's digest is stored."""

    digest = Bytea(primary_key=True, default=None)
    basket = ForeignKey(Basket, null=False, default=None)
    since = Timestamptz(default=None)


class BasketLine(Table):
    id = UUID(primary_key=True, default=None)
    basket = ForeignKey(Basket, null=False, default=None)
    variant = UUID(default=None)
    quantity = Integer()
    added_at = Timestamptz(default=None)

    once_per_basket = Unique([basket, variant])


class Attempt(Table):
    """One checkout attempt of a basket: the order it created, and exactly what was agreed to.

    `agreed` is a digest of lines, prices, address and delivery: the same digest is the same attempt. `units` by
    variant. `ended_as`: paid, lapsed or replaced.
    """

    id = UUID(primary_key=True, default=None)
    basket = UUID(default=None, index=True)
    order = UUID(default=None, unique=True)
    form_key = UUID(default=None, index=True)
    agreed = Bytea()
    units = JSON()
    at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_as = Varchar(length=20, default="")


class DeliveryZone(Table):
    """Countries and regions that are delivered to alike; with `is_rest` all that are in no other zone."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=100)
    is_rest = Boolean(default=False)
    made_at = Timestamptz(default=None)


class ZonePlace(Table):
    """A country of a zone, or one of its regions by the second half of its ISO 3166-2 code. A region comes before its
    country, and neither is in two zones."""

    id = UUID(primary_key=True, default=None)
    zone = ForeignKey(DeliveryZone, null=False, default=None, on_delete=OnDelete.cascade)
    country = Varchar(length=2)
    region = Varchar(length=6, default="")

    place_is_in_one_zone = Unique([country, region])


class DeliveryMethod(Table):
    """A way to send a parcel to some zones, for a fee in minor units; free from `free_from` of goods when set.

    `basis`: flat, or by the price or weight of the goods, with a `DeliveryBand` for each step after `fee`. Not offered
    for what weighs more than `heaviest` grams. With `pickup`, an address and its hours, customers come for their goods
    instead, from anywhere.

    It is on its way for `transit_least` to `transit_most` of the weekdays in `carrier_days` ("12345" is Monday to
    Friday); without them no date is promised. A pickup place has what it takes after packing in both.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=100)
    words = Varchar(length=200, default="")
    fee = BigInt()
    basis = Varchar(length=10, default="flat")
    heaviest = Integer(null=True, default=None)
    pickup = JSON(null=True, default=None)
    free_from = BigInt(null=True, default=None)
    position = Integer(default=0)
    transit_least = Integer(null=True, default=None)
    transit_most = Integer(null=True, default=None)
    carrier_days = Varchar(length=7, default="12345")
    ended_at = Timestamptz(null=True, default=None)


class MethodZone(Table):
    """A zone that a delivery method is offered in."""

    id = UUID(primary_key=True, default=None)
    method = ForeignKey(DeliveryMethod, null=False, default=None, on_delete=OnDelete.cascade)
    zone = ForeignKey(DeliveryZone, null=False, default=None, on_delete=OnDelete.restrict, index=True)

    zone_once_per_method = Unique([method, zone])


class DeliveryBand(Table):
    """What a method costs from so much on: minor units of goods in the shop's prices, or grams, as its `basis` says."""

    id = UUID(primary_key=True, default=None)
    method = ForeignKey(DeliveryMethod, null=False, default=None, on_delete=OnDelete.cascade)
    at_least = BigInt()
    fee = BigInt()

    band_begins_once = Unique([method, at_least])


class ClosedDays(Table):
    """Days from the first to the last on which the shop packs nothing; or, with `is_open`, packs although it
    otherwise would not."""

    id = UUID(primary_key=True, default=None)
    first_day = Date(default=None)
    last_day = Date(default=None)
    words = Varchar(length=100, default="")
    is_open = Boolean(default=False)
    made_at = Timestamptz(default=None)


class TaxRate(Table):
    """A tax on goods sent to a country or one of its regions, in basis points, from an instant on.

    `region` is the second half of its ISO 3166-2 code, "" for the whole country; `is_added` to the country's rate, else
    instead of it. Of several rates of one place and category the one that began last holds, until `until_at` if set.
    `source` is where a rate was taken from, "" for one that was typed.
    """

    id = UUID(primary_key=True, default=None)
    country = Varchar(length=2)
    region = Varchar(length=6, default="")
    category = Varchar(length=30, default="standard")
    name = Varchar(length=60)
    rate_bp = Integer()
    is_added = Boolean(default=False)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    made_at = Timestamptz(default=None)
    source = Varchar(length=200, default="")

    tax_rate_starts_once = Unique([country, region, category, from_at])


class TaxCategory(Table):
    """A tax category of the shop's own, beside the ones every shop has."""

    slug = Varchar(length=30, primary_key=True, default=None)
    name = Varchar(length=60)


class TaxCode(Table):
    """What Stripe Tax calls the goods of a tax category, or delivery: one of its product tax codes."""

    category = Varchar(length=30, primary_key=True, default=None)
    code = Varchar(length=40)
    set_at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    "CREATE INDEX basket_token_by_basket ON basket_token (basket)",
    "CREATE UNIQUE INDEX one_basket_per_person ON basket (person) WHERE person IS NOT NULL",
    "ALTER TABLE basket_line ADD CONSTRAINT basket_line_has_units CHECK (quantity BETWEEN 1 AND 99)",
    "CREATE UNIQUE INDEX one_running_attempt_per_basket ON attempt (basket) WHERE ended_at IS NULL",
    "ALTER TABLE delivery_method ADD CONSTRAINT delivery_fee_is_not_negative CHECK (fee >= 0 AND free_from >= 0)",
    """ALTER TABLE delivery_method ADD CONSTRAINT delivery_basis_is_known
       CHECK (basis IN ('flat', 'price', 'weight') AND heaviest > 0)""",
    """ALTER TABLE delivery_method ADD CONSTRAINT delivery_transit_is_a_span
       CHECK ((transit_least IS NULL) = (transit_most IS NULL) AND transit_least >= 0 AND transit_most >= transit_least
         AND carrier_days ~ '^[1-7]{1,7}$')""",
    "ALTER TABLE closed_days ADD CONSTRAINT closed_days_are_a_span CHECK (last_day >= first_day)",
    "ALTER TABLE delivery_band ADD CONSTRAINT delivery_band_is_a_step CHECK (at_least > 0 AND fee >= 0)",
    "CREATE UNIQUE INDEX one_rest_of_the_world ON delivery_zone (is_rest) WHERE is_rest",
    "ALTER TABLE tax_rate ADD CONSTRAINT tax_rate_is_a_share CHECK (rate_bp BETWEEN 0 AND 10000)",
    "ALTER TABLE tax_rate ADD CONSTRAINT tax_rate_ends_after_it_begins CHECK (until_at >= from_at)",
    r"ALTER TABLE tax_code ADD CONSTRAINT tax_code_is_stripes CHECK (code ~ '^txcd_[0-9]{8}$')",
    """CREATE VIEW insights_tax_rates AS
       SELECT id, country, region, category, rate_bp, from_at, until_at, made_at FROM tax_rate""",
    "CREATE VIEW insights_delivery_methods AS SELECT id, name FROM delivery_method",
)
