from typing import Any

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class InvoiceCounter(Table):
    """The last number given in a series, "invoice:0" or "credit:2027": its row is locked until the invoice is there."""

    series = Varchar(length=20, primary_key=True, default=None)
    last = Integer()


class IssuedInvoice(Table, tablename="invoice"):
    """An invoice, a credit note that corrects one, or the reversal of a credit note whose refund did not go through.

    Amounts are minor units, below zero on a credit note. `cause` is what it is about, once: "order:…", "fee:…" (an
    invoice of Stripe), "term:…", "gift:…", "refund:…:1". `reference` is the order, subscription, term or gift.
    With another buyer an invoice `replaces` one that a credit note has taken back: "buyer:…" is the form it came from,
    "buyer-credit:…" the invoice that is taken back.
    `document` has what was agreed in figures, `printed` every word on its page: a trigger keeps both from changing.
    After `keep_until` the buyer is forgotten.
    """

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=10)
    series = Varchar(length=20)
    serial = Integer()
    number = Varchar(length=40, unique=True)
    cause = Varchar(length=160, unique=True)
    subject = Varchar(length=10)
    reference = UUID(default=None, index=True)
    about = Varchar(length=120, default="")
    corrects: ForeignKey[Any] = ForeignKey(
        references="self", null=True, default=None, on_delete=OnDelete.restrict, index=True
    )
    replaces: ForeignKey[Any] = ForeignKey(
        references="self", null=True, default=None, on_delete=OnDelete.restrict, unique=True
    )
    person = UUID(null=True, default=None, index=True)
    buyer = Varchar(length=200, default="")
    issued_at = Timestamptz(default=None)
    issued_on = Date(default=None, index=True)
    keep_until = Date(default=None)
    currency = Varchar(length=3)
    net = BigInt()
    tax = BigInt()
    total = BigInt()
    is_simplified = Boolean(default=False)
    language = Varchar(length=12, default="en")
    document = JSONB(default=None)
    printed = JSONB(default=None)
    forgotten_at = Timestamptz(null=True, default=None)


class InvoiceArchive(Table):
    """The invoices of a month as a file of PDFs, asked for by staff and made by a job; kept for a day."""

    id = UUID(primary_key=True, default=None)
    month = Date(default=None)
    part = Integer(default=1)
    by = UUID(default=None)
    asked_at = Timestamptz(default=None)
    ready_at = Timestamptz(null=True, default=None)
    invoices = Integer(default=0)
    trouble = Varchar(length=300, default="")
    content = Bytea(null=True, default=None)


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX invoice_serial ON invoice (series, serial)",
    "CREATE INDEX invoice_newest ON invoice (issued_at DESC, id DESC)",
    """ALTER TABLE invoice ADD CONSTRAINT invoice_adds_up CHECK (
       net + tax = total AND serial > 0 AND kind IN ('invoice', 'credit', 'reversal')
       AND (kind = 'invoice') = (corrects IS NULL) AND subject IN ('order', 'fee', 'term', 'gift'))""",
    """ALTER TABLE invoice ADD CONSTRAINT invoice_replaces_one CHECK (
       (replaces IS NOT NULL) = (cause LIKE 'buyer:%') AND (replaces IS NULL OR kind = 'invoice' AND replaces <> id)
       AND (cause NOT LIKE 'buyer-credit:%' OR kind = 'credit' AND cause = 'buyer-credit:' || corrects))""",
    """CREATE FUNCTION refuse_change_of_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE open text[] := ARRAY['person'];
       BEGIN
         IF TG_OP = 'UPDATE' THEN
           IF NEW.forgotten_at IS NOT NULL AND NEW.forgotten_at::date > OLD.keep_until THEN
             open := ARRAY['person', 'buyer', 'document', 'printed', 'forgotten_at'];
           END IF;
           IF to_jsonb(NEW) - open = to_jsonb(OLD) - open THEN RETURN NEW; END IF;
         END IF;
         RAISE EXCEPTION 'an invoice is never changed or deleted: it is corrected by a credit note';
       END $$""",
    """CREATE TRIGGER invoice_is_frozen BEFORE UPDATE OR DELETE ON invoice
       FOR EACH ROW EXECUTE FUNCTION refuse_change_of_invoice()""",
    """CREATE TRIGGER invoice_counter_stays BEFORE DELETE ON invoice_counter
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE VIEW insights_issued_invoices AS SELECT i.cause, (
         WITH RECURSIVE follower AS (
           SELECT i.id AS id, i.number AS number, 0 AS turn
           UNION ALL SELECT f.id, f.number, turn + 1 FROM invoice f JOIN follower ON f.replaces = follower.id)
         SELECT number FROM follower ORDER BY turn DESC LIMIT 1) AS number
       FROM invoice i WHERE i.kind = 'invoice' AND i.replaces IS NULL""",
)
