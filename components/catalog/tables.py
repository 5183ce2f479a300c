"""The rows of the catalogue. Prices are whole minor units of the shop's currency, weights whole grams."""

from piccolo.columns import (
    UUID,
    Array,
    BigInt,
    Boolean,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from components.catalog.collection_rules import FILLING


class Product(Table):
    """A product. ``slug`` is its permanent address; from ``public_from`` on anybody may buy it."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=255, unique=True)
    title = Varchar(length=255)
    description = Text()
    vendor = Varchar(length=255)
    kind = Varchar(length=255)
    tags = Array(base_column=Varchar(length=255), default=list)
    option_names = Array(base_column=Varchar(length=255), default=list)
    status = Varchar(length=8, default="draft", index=True)
    public_from = Timestamptz(null=True, default=None)
    members_only = Boolean(default=False)
    position = Integer(default=0)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


class Variant(Table):
    """The exact thing sold.

    ``cost`` is what one unit costs the shop before tax, if known: for staff only, and in no snapshot. ``compare_at`` is
    the struck-out price beside ``price``. Between ``sale_from`` and ``sale_until`` (half-open; a missing end is open)
    ``sale_price`` is charged instead and ``price`` is struck out.

    A ``sku`` belongs to one variant, but other shops' files repeat them: those that came after it have ``shares_sku``.

    At most ``early_allotment`` units (empty: no limit) are sold before general sale; ``early_taken`` of them are sold
    or held.
    """

    id = UUID(primary_key=True, default=None)
    product = ForeignKey(references=Product, null=False, on_delete=OnDelete.cascade, index=True)
    sku = Varchar(length=255, null=True, default=None, index=True)
    shares_sku = Boolean(default=False)
    title = Varchar(length=255)
    options = Array(base_column=Varchar(length=255), default=list)
    price = BigInt()
    cost = BigInt(null=True, default=None)
    compare_at = BigInt(null=True, default=None)
    sale_price = BigInt(null=True, default=None)
    sale_from = Timestamptz(null=True, default=None)
    sale_until = Timestamptz(null=True, default=None)
    position = Integer(default=0)
    barcode = Varchar(length=255)
    weight_grams = Integer(default=0)
    is_taxable = Boolean(default=True)
    tax_category = Varchar(length=30, default="standard")
    needs_delivery = Boolean(default=True)
    tracks_stock = Boolean(default=True)
    sells_when_out = Boolean(default=False)
    on_hand = Integer(default=0)
    reserved = Integer(default=0)
    early_allotment = Integer(null=True, default=None)
    early_taken = Integer(default=0)
    withdrawn_at = Timestamptz(null=True, default=None)

    cost_is_not_negative = Check("cost >= 0")


class PriceRecord(Table):
    """Appended whenever the price for everybody changes: the variant's price and its own dated sale from then on."""

    id = UUID(primary_key=True, default=None)
    variant = ForeignKey(references=Variant, null=False, on_delete=OnDelete.cascade)
    at = Timestamptz(default=None)
    price = BigInt()
    sale_price = BigInt(null=True, default=None)
    sale_from = Timestamptz(null=True, default=None)
    sale_until = Timestamptz(null=True, default=None)


class SalePrice(Table):
    """A sale on some variants, or on the products of some collections, from one instant to another (half-open).

    ``value`` is basis points off the price (percent) or the price itself (explicit). Once it has begun only its end may
    change, so that the rows show which price was charged when. One that staff ended early has ``stopped_at``, and in
    ``planned_until`` the end it would have had.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120)
    scope_kind = Varchar(length=10)
    scope_ids = Array(base_column=UUID(default=None), default=list)
    discount_type = Varchar(length=8)
    value = BigInt()
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    made_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    stopped_at = Timestamptz(null=True, default=None)
    planned_until = Timestamptz(null=True, default=None)


class Collection(Table):
    """A named set of products; an unlisted one has a page but is in no menu.

    One that ``is_ruled`` holds whatever fits its rule (`collection_rules`), and nothing is put in by hand. ``sort`` is
    the order its list begins with.
    """

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=255, unique=True)
    title = Varchar(length=255)
    description = Text()
    position = Integer(default=0)
    is_listed = Boolean(default=True)
    sort = Varchar(length=10, default="shelf")
    is_ruled = Boolean(default=False)
    rule_tags = Array(base_column=Varchar(length=255), default=list)
    rule_kinds = Array(base_column=Varchar(length=255), default=list)
    rule_vendors = Array(base_column=Varchar(length=255), default=list)
    rule_least = BigInt(null=True, default=None)
    rule_most = BigInt(null=True, default=None)


class CollectionProduct(Table):
    """``position`` counts from 1 in the order staff gave them; those with 0 come after."""

    id = UUID(primary_key=True, default=None)
    collection = ForeignKey(references=Collection, null=False, on_delete=OnDelete.cascade)
    product = ForeignKey(references=Product, null=False, on_delete=OnDelete.cascade, index=True)
    position = Integer(default=0)


class PictureFetch(Table):
    """A picture of another shop, named in an import: one row for each address, however many products show it.

    ``state``: waiting, fetched (then ``path``, ``width`` and ``height`` are those of the picture here), refused or
    given_up (then ``why`` says it) or stopped. ``next_at`` is when it may be asked for next, by the database's clock;
    ``key`` is the digest of ``address``.
    """

    id = UUID(primary_key=True, default=None)
    key = Varchar(length=64, unique=True)
    address = Text()
    host = Varchar(length=255)
    state = Varchar(length=8, default="waiting")
    why = Text()
    tries = Integer(default=0)
    wanted_at = Timestamptz(default=None)
    next_at = Timestamptz(default=None)
    path = Text()
    width = Integer(default=0)
    height = Integer(default=0)


class Picture(Table):
    """``path`` is a name under the pictures folder, or the address of a picture that has not been fetched.

    ``brought_by`` is the import that named it last.
    """

    id = UUID(primary_key=True, default=None)
    product = ForeignKey(references=Product, null=False, on_delete=OnDelete.cascade, index=True)
    variant = ForeignKey(references=Variant, null=True, default=None, on_delete=OnDelete.set_null)
    path = Text()
    alt = Text()
    position = Integer(default=0)
    width = Integer(default=0)
    height = Integer(default=0)
    source = ForeignKey(references=PictureFetch, null=True, default=None, on_delete=OnDelete.restrict, index=True)
    brought_by = UUID(null=True, default=None)


class StockMovement(Table):
    """Append-only: the sum of ``change`` of a variant is its stock on hand."""

    id = UUID(primary_key=True, default=None)
    variant = ForeignKey(references=Variant, null=False, on_delete=OnDelete.restrict, index=True)
    change = Integer()
    kind = Varchar(length=10)
    because_of = UUID(null=True, default=None)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class Reservation(Table):
    """Stock reserved for one order. ``counted``: whether the variant's stock was counted at the time."""

    id = UUID(primary_key=True, default=None)
    variant = ForeignKey(references=Variant, null=False, on_delete=OnDelete.restrict, index=True)
    quantity = Integer()
    counted = Boolean(default=True)
    because_of = UUID(default=None, index=True)
    until = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
    ended_as = Varchar(length=8, null=True, default=None)


_CHECKS = (
    "ALTER TABLE product ADD CONSTRAINT product_status_is_known CHECK (status IN ('draft', 'active', 'archived'))",
    "ALTER TABLE variant ADD CONSTRAINT variant_prices CHECK (price >= 0 AND compare_at >= 0 AND sale_price >= 0)",
    "ALTER TABLE variant ADD CONSTRAINT variant_reserved CHECK (reserved >= 0)",
    """ALTER TABLE variant ADD CONSTRAINT variant_stock
       CHECK (NOT tracks_stock OR sells_when_out OR (on_hand >= 0 AND reserved <= on_hand))""",
    """ALTER TABLE variant ADD CONSTRAINT variant_early
       CHECK (early_taken >= 0 AND early_allotment >= 0 AND early_taken <= early_allotment)""",
    """ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_kind
       CHECK (kind IN ('opening', 'adjustment', 'sold', 'restocked'))""",
    "ALTER TABLE reservation ADD CONSTRAINT reservation_quantity CHECK (quantity > 0)",
    """ALTER TABLE sale_price ADD CONSTRAINT sale_price_is_one CHECK (
       scope_kind IN ('collection', 'variant') AND cardinality(scope_ids) > 0
       AND ((discount_type = 'percent' AND value BETWEEN 1 AND 9999) OR (discount_type = 'explicit' AND value > 0)))""",
    """ALTER TABLE picture_fetch ADD CONSTRAINT picture_fetch_state CHECK (
       state IN ('waiting', 'fetched', 'refused', 'given_up', 'stopped') AND tries >= 0
       AND (state = 'fetched') = (path <> '' AND width > 0 AND height > 0))""",
    "ALTER TABLE sale_price ADD CONSTRAINT sale_price_ends_after_it_begins CHECK (until_at > from_at)",
    """ALTER TABLE sale_price ADD CONSTRAINT sale_price_was_stopped CHECK (
       (stopped_at IS NULL OR until_at = stopped_at)
       AND (planned_until IS NULL OR planned_until > stopped_at IS TRUE))""",
)

_INDEXES = (
    "CREATE UNIQUE INDEX variant_sku_once ON variant (sku) WHERE NOT shares_sku",
    "CREATE UNIQUE INDEX collection_product_once ON collection_product (collection, product)",
    "CREATE UNIQUE INDEX reservation_running ON reservation (because_of, variant) WHERE ended_at IS NULL",
    "CREATE INDEX reservation_until ON reservation (until) WHERE ended_at IS NULL",
    "CREATE INDEX price_record_of_variant ON price_record (variant, at)",
    "CREATE INDEX picture_by_path ON picture USING hash (path)",
    "CREATE INDEX picture_brought_by ON picture (brought_by) WHERE brought_by IS NOT NULL",
    "CREATE INDEX picture_fetch_waiting ON picture_fetch (next_at) WHERE state = 'waiting'",
    "CREATE INDEX picture_fetch_by_path ON picture_fetch USING hash (path)",
    "CREATE INDEX stock_movement_because_of ON stock_movement (because_of) WHERE because_of IS NOT NULL",
)

# Triggers announce the changes of every program; the payload is the product's id, or empty for "everything".
_ANNOUNCEMENTS = (
    """CREATE FUNCTION catalogue_product_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_notify('catalogue', (CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END)::text);
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION catalogue_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_notify('catalogue', (CASE WHEN TG_OP = 'DELETE' THEN OLD.product ELSE NEW.product END)::text);
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION catalogue_collection_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_notify('catalogue', 'collections');
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER product_changed AFTER INSERT OR UPDATE OR DELETE ON product
       FOR EACH ROW EXECUTE FUNCTION catalogue_product_changed()""",
    *(
        f"""CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION catalogue_part_changed()"""
        for table in ("variant", "picture", "collection_product")
    ),
    """CREATE FUNCTION catalogue_sale_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE
         affected record;
       BEGIN
         FOR affected IN
           SELECT DISTINCT s.kind, s.id FROM (
             SELECT NEW.scope_kind AS kind, unnest(NEW.scope_ids) AS id
             UNION ALL SELECT OLD.scope_kind, unnest(OLD.scope_ids) WHERE TG_OP = 'UPDATE') s
         LOOP
           PERFORM pg_notify('catalogue', affected.kind || ':' || affected.id::text);
         END LOOP;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER sale_price_changed AFTER INSERT OR UPDATE ON sale_price
       FOR EACH ROW EXECUTE FUNCTION catalogue_sale_changed()""",
    """CREATE TRIGGER collection_changed AFTER INSERT OR UPDATE OR DELETE ON collection
       FOR EACH STATEMENT EXECUTE FUNCTION catalogue_collection_changed()""",
)


class EarlyUnits(Table):
    """Units of one variant that one order took before general sale.

    Of ``quantity``, ``returned`` have gone back to the quota. ``bought`` of them are not free and count for the member,
    less the ``refunded``; ``most`` was the member's limit for the product when ordering.
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
    """The number of early units of a product that a member has: this row decides between concurrent orders."""

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    product = UUID(default=None)
    units = Integer()

    one_per_product = Unique([person, product])


_EARLY_ACCESS = (
    """ALTER TABLE early_units ADD CONSTRAINT early_units_come_back_once CHECK (quantity > 0
       AND bought BETWEEN 0 AND quantity AND returned BETWEEN 0 AND quantity AND refunded BETWEEN 0 AND bought)""",
    "ALTER TABLE early_count ADD CONSTRAINT early_count_is_not_negative CHECK (units >= 0)",
    "CREATE INDEX early_units_of_person ON early_units (person) WHERE person IS NOT NULL",
)

# The catalogue's rows as read by insights.
_VIEWS = (
    """CREATE VIEW insights_products AS
       SELECT id, slug, title, status, public_from, members_only, changed_at FROM product""",
    """CREATE VIEW insights_variants AS
       SELECT id, product, title, options, position, on_hand, reserved, tracks_stock, sells_when_out, withdrawn_at
       FROM variant""",
    "CREATE VIEW insights_collections AS SELECT id, title, slug FROM collection",
    "CREATE VIEW segments_products AS SELECT id, title, kind, slug FROM product",
    "CREATE VIEW segments_collections AS SELECT id, slug FROM collection",
    "CREATE VIEW segments_collection_products AS SELECT collection, product FROM collection_product",
    "CREATE VIEW recommendations_products AS SELECT id FROM product",
    "CREATE VIEW insights_collection_products AS SELECT collection, product FROM collection_product",
    "CREATE VIEW insights_sales AS SELECT id, name FROM sale_price",
    """CREATE VIEW insights_reservations AS
       SELECT variant, quantity, counted, because_of, until, ended_at, ended_as FROM reservation""",
    """CREATE VIEW insights_picture_fetches AS SELECT f.id, f.state, f.wanted_at FROM picture_fetch f
       WHERE EXISTS (SELECT FROM picture p WHERE p.source = f.id)""",
    "CREATE VIEW insights_stock_movements AS SELECT variant, change, kind, because_of, at FROM stock_movement",
)

DDL: tuple[str, ...] = (*_CHECKS, *_INDEXES, *_ANNOUNCEMENTS, *_EARLY_ACCESS, *_VIEWS, *FILLING)
