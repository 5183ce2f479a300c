"""What files of an earlier shop said of customers, and the orders they had there."""

from piccolo.columns import JSON, UUID, Array, BigInt, Boolean, Text, Timestamptz, Varchar
from piccolo.table import Table


class OldCustomer(Table):
    """One person's row in a customers' file, for staff and for the person: what has no place of its own here.

    `consent` to marketing is "yes", "no" or "" (the file does not say), with the words of the file and, where it has
    one, its date. `leftover` are parts that could not be used as they are. `made_person` only if there was none before.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None, unique=True)
    run = UUID(default=None, index=True)
    file = Varchar(length=255)
    made_person = Boolean(default=False)
    consent = Varchar(length=3)
    consent_words = Varchar(length=200)
    consent_at = Timestamptz(null=True, default=None)
    tags = Array(base_column=Text(), default=list)
    note = Text()
    leftover = Array(base_column=Text(), default=list)
    imported_at = Timestamptz(default=None)


class OldOrder(Table):
    """An order of the earlier shop, as its file told it. Amounts in minor units of its own currency.

    `lines` have name, sku, quantity and price. `statuses` are the words of the file. `email` is "" once it is erased.
    """

    id = UUID(primary_key=True, default=None)
    run = UUID(default=None, index=True)
    file = Varchar(length=255)
    number = Varchar(length=60, index=True)
    placed_at = Timestamptz(default=None)
    email = Varchar(length=254, index=True)
    name = Varchar(length=200)
    address = Text()
    currency = Varchar(length=3)
    lines = JSON()
    goods = BigInt(null=True, default=None)
    discount = BigInt(null=True, default=None)
    delivery = BigInt(null=True, default=None)
    tax = BigInt(null=True, default=None)
    total = BigInt(default=0)
    refunded = BigInt(default=0)
    statuses = Array(base_column=Text(), default=list)
    imported_at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE old_customer ADD CONSTRAINT old_customer_consent CHECK (
       consent IN ('', 'yes', 'no') AND (consent <> '' OR consent_at IS NULL))""",
    "CREATE UNIQUE INDEX old_order_once ON old_order (number, placed_at)",
    """ALTER TABLE old_order ADD CONSTRAINT old_order_amounts CHECK (
       number <> '' AND total >= 0 AND refunded >= 0 AND coalesce(goods, 0) >= 0 AND coalesce(discount, 0) >= 0
       AND coalesce(delivery, 0) >= 0 AND coalesce(tax, 0) >= 0)""",
)
