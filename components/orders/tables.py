from piccolo.columns import JSON, UUID, BigInt, Boolean, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check, Unique
from piccolo.table import Table


class Order(Table, tablename="orders"):
    """What a shopper agreed to buy. Amounts are minor units of `currency`, fixed when the order was placed.

    `credit` is the part of `total` paid with store credit; the rest is paid with money. `coupon` is what the coupon
    took off the goods; of one that made delivery free only the code is stored.

    `joins` is the subscription, or `joins_term` the plan paid once, whose first fee, `joining_fee`, is paid together
    with the order and is not part of `total`; with a trial of `joining_trial_days` it is zero. It is of the price
    `joining_version` (null: before that was kept), after `joining_off`, what the code `joining_code` took off it: the
    fee discount `joining_discount`, which with a trial is taken off the payments after that.

    The link to its page is made from its id and the shop's secret (`order_links`). `token_digest` is of the random link
    that an order had before that was so.

    `tax` is the sum of its `OrderTax` rows, `tax_rate` that of its goods (their average, where they differ). `tax_note`
    says why there is none; `vat_number` is that of a business that bought, `seller_vat_number` the shop's at the time.

    `invoice_buyer` is whom its invoice is addressed to, an `InvoiceBuyer`; null: where the goods go.

    `promise` is what was said about its arrival, a `PromisedDelivery`; null where nothing was.

    `return_days`: how long it may be returned, as was said when it was placed; null where nobody said it, as for now.

    `cancelled_at` without `paid_at`: the time to pay ran out. `stock_taken_at`: when the units left the stock.
    """

    id = UUID(primary_key=True, default=None)
    number = Varchar(length=20, unique=True)
    token_digest = Bytea(null=True, unique=True, default=None)
    person = UUID(null=True, default=None, index=True)
    email = Varchar(length=254, index=True)
    name = Varchar(length=200)
    language = Varchar(length=12, default="")
    currency = Varchar(length=3)
    goods = BigInt()
    member_savings = BigInt()
    delivery_list = BigInt()
    delivery_saved = BigInt()
    delivery = BigInt()
    tax = BigInt()
    tax_rate = Integer()
    tax_name = Varchar(length=60)
    tax_is_included = Boolean(default=True)
    delivery_tax = BigInt(default=0)
    tax_note = Varchar(length=300, default="")
    vat_number = Varchar(length=30, default="")
    seller_vat_number = Varchar(length=30, default="")
    total = BigInt()
    credit = BigInt(default=0)
    coupon = BigInt(default=0)
    coupon_code = Varchar(length=40, default="")
    joins = UUID(null=True, default=None, index=True)
    joins_term = UUID(null=True, default=None, index=True)
    joining_version = UUID(null=True, default=None)
    joining_fee = BigInt(default=0)
    joining_words = Varchar(length=200, default="")
    joining_trial_days = Integer(default=0)
    joining_off = BigInt(default=0)
    joining_code = Varchar(length=40, default="")
    joining_discount = UUID(null=True, default=None)
    delivery_method = Varchar(length=100)
    delivery_words = Varchar(length=200, default="")
    delivery_benefit = UUID(null=True, default=None)
    address = JSON()
    invoice_buyer = JSON(null=True, default=None)
    promise = JSON(null=True, default=None)
    return_days = Integer(null=True, default=None)
    price_context_key = Text()
    payment_reference = Varchar(length=255, null=True, default=None)
    placed_at = Timestamptz(default=None, index=True)
    expires_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, default=None, index=True)
    stock_taken_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    fulfilled_at = Timestamptz(null=True, default=None)
    address_changed_at = Timestamptz(null=True, default=None)
    flagged_at = Timestamptz(null=True, default=None)
    flag = Text(default="")

    @property
    def is_paid(self) -> bool:
        return self.paid_at is not None

    @property
    def to_pay(self) -> int:
        """The part paid with money."""
        return int(self.total - self.credit)

    @property
    def charged(self) -> int:
        """The amount of its payment page: the order, and the fee of a membership that begins with it."""
        return self.to_pay + int(self.joining_fee)

    @property
    def needs_page(self) -> bool:
        """Whether it needs a payment page: for money to pay, or for the card of a membership."""
        return self.charged > 0 or bool(self.joins or self.joins_term)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def has_its_stock(self) -> bool:
        return self.stock_taken_at is not None

    @property
    def is_flagged(self) -> bool:
        return self.flagged_at is not None


class OrderLine(Table):
    """One variant as it was sold: its texts, both prices and the reasons for them, stored as they were that day.

    `regular_unit` is a guest's price; `saved` and `total` are for the whole quantity. A free line names its gift.
    `unit_cost` is what one unit cost the shop at that moment, before tax: for staff only, null when unknown.
    """

    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, default=None, on_delete=OnDelete.restrict)
    position = Integer()
    variant_id = UUID(default=None, index=True)
    product_id = UUID(default=None, index=True)
    sku = Varchar(length=100, default="")
    title = Varchar(length=255)
    variant_title = Varchar(length=255, default="")
    slug = Varchar(length=255, default="")
    picture = Varchar(length=255, default="")
    quantity = Integer()
    regular_unit = BigInt()
    unit = BigInt()
    unit_cost = BigInt(null=True, default=None)
    total = BigInt()
    tax = BigInt()
    tax_rate = Integer(default=0)
    tax_category = Varchar(length=30, default="standard")
    taxes = JSON(null=True, default=None)
    saved = BigInt()
    coupon = BigInt(default=0)
    rule_id = UUID(null=True, default=None)
    gift = UUID(null=True, default=None)
    trace = JSON()

    unit_cost_is_not_negative = Check("unit_cost >= 0")


class OrderTax(Table):
    """One tax of an order, goods and delivery together: `amount` of it on `net`, the price without any tax.

    With `of_fee` it is the tax inside the fee of a membership joined with the order, which is no part of its total.
    `rate` is the shop's tax rate that was charged; null for orders from before it was kept. `counted` is the part of
    `net` that stands at this one where several taxes are on the same goods; null for orders from before.
    """

    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, default=None, on_delete=OnDelete.restrict)
    position = Integer()
    name = Varchar(length=60)
    rate_bp = Integer()
    net = BigInt()
    counted = BigInt(null=True, default=None)
    amount = BigInt()
    of_fee = Boolean(default=False)
    rate = UUID(null=True, default=None)

    order_tax_once = Unique([order, position])


class Fulfilment(Table):
    """A shipped parcel: who sent it, when, and where it can be tracked. Of an order that is picked up, since when it is
    ready, and when it was collected."""

    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, default=None, on_delete=OnDelete.restrict, unique=True)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    carrier = Varchar(length=100, default="")
    tracking = Varchar(length=200, default="")
    collected_at = Timestamptz(null=True, default=None)
    collected_by = UUID(null=True, default=None)


class Refund(Table):
    """A refund of an order. `id` comes with the form, so that a form sent twice refunds once.

    `credit` of its amount is returned as store credit, the rest as money. `status`: asked, pending, succeeded or
    failed. Only a failed one makes its amount refundable again.
    """

    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, default=None, on_delete=OnDelete.restrict)
    amount = BigInt()
    credit = BigInt(default=0)
    currency = Varchar(length=3)
    reason = Varchar(length=300, default="")
    restocks = Boolean(default=False)
    at = Timestamptz(default=None, index=True)
    by = UUID(null=True, default=None)
    status = Varchar(length=20, default="asked")
    stripe_id = Varchar(length=100, null=True, default=None, unique=True)
    settled_at = Timestamptz(null=True, default=None)


class RefundLine(Table):
    """How many units of a line a refund was for."""

    id = UUID(primary_key=True, default=None)
    refund = ForeignKey(Refund, null=False, default=None, on_delete=OnDelete.restrict)
    line = ForeignKey(OrderLine, null=False, default=None, on_delete=OnDelete.restrict)
    quantity = Integer()
    amount = BigInt()

    once_per_refund = Unique([refund, line])


class OrderNote(Table):
    """A staff note on an order."""

    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, default=None, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    words = Text()


class OrderAddressChange(Table):
    """Staff corrected where an order goes before it was shipped: `before` is the address it had."""

    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, default=None, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    before = JSON()


# Orders as read by insights and segments.
_VIEWS = (
    """CREATE VIEW insights_orders AS
       SELECT id, number, person, name, currency, goods, delivery_list, delivery_saved, delivery_method,
         delivery_benefit, tax_rate, tax_is_included, total, credit, payment_reference, placed_at, paid_at,
         stock_taken_at, cancelled_at, fulfilled_at, flagged_at, email <> '' AS has_email, coupon,
         coalesce(address->>'country', '') AS country, coalesce(joins, joins_term) AS joined_with FROM orders""",
    """CREATE VIEW campaigns_orders AS
       SELECT id, person, email, placed_at, total, currency, paid_at FROM orders WHERE paid_at IS NOT NULL""",
    """CREATE VIEW experiments_orders AS
       SELECT person, total, currency, paid_at, credit FROM orders WHERE paid_at IS NOT NULL AND person IS NOT NULL""",
    """CREATE VIEW experiments_refunds AS
       SELECT o.person, r.at FROM refund r JOIN orders o ON o.id = r."order" WHERE r.status <> 'failed'""",
    """CREATE VIEW insights_order_tax AS
       SELECT id, paid_at, total, credit, tax FROM orders WHERE paid_at IS NOT NULL""",
    """CREATE VIEW insights_order_lines AS
       SELECT id, "order" AS order_id, position, variant_id, product_id, title, quantity, regular_unit, unit_cost,
         total, saved, coupon, gift, trace, tax, tax_rate FROM order_line""",
    """CREATE VIEW insights_refunds AS
       SELECT id, "order" AS order_id, amount, credit, currency, status, at, settled_at, stripe_id, by FROM refund""",
    'CREATE VIEW insights_fulfilments AS SELECT id, "order" AS order_id, at, by FROM fulfilment',
    'CREATE VIEW insights_order_notes AS SELECT id, "order" AS order_id, by FROM order_note',
    """CREATE VIEW insights_order_taxes AS
       SELECT t.id, t."order" AS order_id, o.number, o.placed_at, t.name, t.rate_bp, t.net, t.amount, t.rate, t.of_fee,
         t.counted FROM order_tax t JOIN orders o ON t."order" = o.id""",
    "CREATE VIEW insights_refund_lines AS SELECT refund, line, quantity, amount FROM refund_line",
    """CREATE VIEW segments_orders AS
       SELECT id, person, total, currency, paid_at, address ->> 'country' AS country FROM orders
       WHERE paid_at IS NOT NULL AND person IS NOT NULL""",
    """CREATE VIEW segments_refunds AS
       SELECT o.person, o.paid_at, r.amount, r.currency, r.at FROM refund r JOIN orders o ON o.id = r."order"
       WHERE r.status <> 'failed' AND o.paid_at IS NOT NULL AND o.person IS NOT NULL""",
    """CREATE VIEW segments_order_lines AS
       SELECT o.person, o.paid_at, l.product_id FROM order_line l JOIN orders o ON o.id = l."order"
       WHERE o.paid_at IS NOT NULL AND o.person IS NOT NULL""",
    """CREATE VIEW recommendations_order_lines AS
       SELECT o.id AS order_id, o.person, o.paid_at, l.product_id, l.title,
         nullif(lower(o.email), '') AS email
       FROM order_line l JOIN orders o ON o.id = l."order" WHERE o.paid_at IS NOT NULL AND l.gift IS NULL""",
)

CHANGED = "GREATEST(placed_at, paid_at, stock_taken_at, cancelled_at, fulfilled_at, flagged_at, address_changed_at)"
REFUND_CHANGED = "GREATEST(at, settled_at)"
"""When an order or a refund last changed. All of these instants are the shop's own."""

_CHANGES = (
    """CREATE TRIGGER orders_change_their_day
       AFTER INSERT OR DELETE OR UPDATE OF paid_at, total, person, credit, tax ON orders
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('paid_at')""",
    """CREATE TRIGGER orders_change_their_buyer AFTER INSERT OR DELETE OR UPDATE OF paid_at, total, person ON orders
       FOR EACH ROW EXECUTE FUNCTION figure_buyer_changed()""",
    """CREATE TRIGGER orders_go_to_another_country AFTER UPDATE OF address ON orders
       FOR EACH ROW WHEN (OLD.address ->> 'country' IS DISTINCT FROM NEW.address ->> 'country')
       EXECUTE FUNCTION figure_order_moved()""",
    """CREATE TRIGGER refund_changes_its_day AFTER INSERT OR DELETE OR UPDATE OF status, amount, at ON refund
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('at')""",
)
"""What insights' kept figures have to hear of."""

DDL: tuple[str, ...] = (
    "CREATE SEQUENCE order_number START 10001",
    """ALTER TABLE orders
    ADD CONSTRAINT order_amounts_are_not_negative CHECK (
        goods >= 0 AND member_savings >= 0 AND delivery >= 0 AND delivery_saved >= 0 AND tax >= 0 AND total >= 0),
    ADD CONSTRAINT order_credit_is_part_of_its_total CHECK (credit BETWEEN 0 AND total),
    ADD CONSTRAINT order_delivery_is_list_less_benefit CHECK (delivery = delivery_list - delivery_saved),
    ADD CONSTRAINT order_ships_once_paid CHECK (fulfilled_at IS NULL OR paid_at IS NOT NULL),
    ADD CONSTRAINT order_is_not_paid_and_cancelled CHECK (cancelled_at IS NULL OR paid_at IS NULL)""",
    "ALTER TABLE order_line ADD CONSTRAINT order_line_has_units CHECK (quantity > 0 AND unit >= 0 AND saved >= 0)",
    "ALTER TABLE order_line ADD CONSTRAINT order_line_coupon_is_part_of_it CHECK (coupon >= 0 AND total >= 0)",
    "ALTER TABLE orders ADD CONSTRAINT order_coupon_has_its_code CHECK (coupon = 0 OR coupon_code <> '')",
    """ALTER TABLE orders ADD CONSTRAINT order_joining_code_is_of_a_joining CHECK (joining_off >= 0
       AND (joining_off = 0 OR joining_discount IS NOT NULL)
       AND (joining_discount IS NULL OR joining_code <> '' AND num_nonnulls(joins, joins_term) > 0)
       AND num_nonnulls(joins, joins_term) <= 1)""",
    """ALTER TABLE orders ADD CONSTRAINT order_joins_a_term_by_its_price CHECK (
       joins_term IS NULL OR joining_version IS NOT NULL)""",
    "ALTER TABLE refund ADD CONSTRAINT refund_is_of_something CHECK (amount > 0 AND credit BETWEEN 0 AND amount)",
    'CREATE UNIQUE INDEX order_line_once_per_gift ON order_line ("order", gift) WHERE gift IS NOT NULL',
    "ALTER TABLE order_line ADD CONSTRAINT order_line_of_a_gift_is_free CHECK (gift IS NULL OR total = 0)",
    """ALTER TABLE refund ADD CONSTRAINT refund_status_is_known
    CHECK (status IN ('asked', 'pending', 'succeeded', 'failed'))""",
    "ALTER TABLE order_tax ADD CONSTRAINT order_tax_is_not_negative CHECK (rate_bp > 0 AND net >= 0 AND amount >= 0)",
    "ALTER TABLE refund_line ADD CONSTRAINT refund_line_has_units CHECK (quantity > 0)",
    'CREATE INDEX order_line_by_order ON order_line ("order", position)',
    'CREATE INDEX refund_by_order ON refund ("order")',
    "CREATE INDEX refund_failed ON refund (id) WHERE status = 'failed'",
    "CREATE INDEX refund_under_way ON refund (status) WHERE status IN ('asked', 'pending')",
    'CREATE INDEX order_note_by_order ON order_note ("order")',
    'CREATE INDEX order_address_change_by_order ON order_address_change ("order")',
    "CREATE INDEX orders_by_person ON orders (person, placed_at DESC) WHERE paid_at IS NOT NULL",
    "CREATE INDEX orders_sold ON orders (paid_at) INCLUDE (id, person, total) WHERE paid_at IS NOT NULL",
    "CREATE INDEX orders_paid_by ON orders (person, paid_at) INCLUDE (total) WHERE paid_at IS NOT NULL",
    "CREATE INDEX orders_awaiting_payment ON orders (expires_at) WHERE paid_at IS NULL AND cancelled_at IS NULL",
    """CREATE INDEX orders_picked_up ON orders (placed_at DESC, id DESC)
       WHERE fulfilled_at IS NOT NULL AND address->>'is_pickup' = 'true'""",
    "CREATE INDEX orders_to_ship ON orders (paid_at) WHERE paid_at IS NOT NULL AND fulfilled_at IS NULL",
    f"CREATE INDEX orders_by_change ON orders ({CHANGED}, id)",
    f'CREATE INDEX refund_by_change ON refund ({REFUND_CHANGED}, "order")',
    "CREATE INDEX orders_flagged ON orders (flagged_at) WHERE flagged_at IS NOT NULL",
    *_VIEWS,
    *_CHANGES,
)
