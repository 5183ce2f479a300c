"""What Stripe Tax has answered, and what it was told."""

from piccolo.columns import JSON, UUID, BigInt, Bytea, ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class KeptTaxAnswer(Table, tablename="tax_answer"):
    """What Stripe said of a basket at an address, by a digest of both, so that a page drawn again asks nothing.

    An order takes its answer away: no calculation belongs to two. `refused` is Stripe's code for an address or a number
    that it does not take.
    """

    digest = Bytea(primary_key=True, default=None)
    answer = JSON()
    refused = Varchar(length=60, default="")
    asked_at = Timestamptz(default=None, index=True)


class TaxTrouble(Table):
    """What the shop has to mend before Stripe Tax answers: `subject` is a tax code, or the account."""

    subject = Varchar(length=40, primary_key=True, default=None)
    mode = Varchar(length=10)
    detail = Text()
    since = Timestamptz(default=None)
    last_at = Timestamptz(default=None)


class TaxSale(Table):
    """The answer that an order was charged by. `transaction` is what Stripe recorded once it was paid, and `refused`
    why Stripe would not; staff then entered it at Stripe by hand, or have yet to. `digest` is of the question, as
    above."""

    reference_id = UUID(primary_key=True, default=None)
    digest = Bytea(default=None)
    calculation = Varchar(length=100, unique=True)
    answer = JSON()
    agreed_at = Timestamptz(default=None)
    transaction = Varchar(length=100, null=True, default=None, unique=True)
    recorded_at = Timestamptz(null=True, default=None)
    refused = Text(default="")
    entered_at = Timestamptz(null=True, default=None)


class TaxReversal(Table):
    """What a refund gave back of a sale, tax included, in minor units. `transaction` is Stripe's, `refused` why it is
    not recorded. Of a refund that failed after Stripe had it, or staff had entered it, `restored_at` says when staff
    entered the sale of it again."""

    refund = UUID(primary_key=True, default=None)
    sale = ForeignKey(TaxSale, null=False, default=None, on_delete=OnDelete.restrict)
    amount = BigInt()
    asked_at = Timestamptz(default=None)
    transaction = Varchar(length=100, null=True, default=None, unique=True)
    recorded_at = Timestamptz(null=True, default=None)
    refused = Text(default="")
    entered_at = Timestamptz(null=True, default=None)
    restored_at = Timestamptz(null=True, default=None)


DDL: tuple[str, ...] = (
    "CREATE INDEX tax_reversal_by_sale ON tax_reversal (sale)",
    "ALTER TABLE tax_reversal ADD CONSTRAINT tax_reversal_is_positive CHECK (amount > 0)",
    """CREATE VIEW insights_tax_sales AS
       SELECT reference_id, calculation, coalesce((SELECT sum((line->>'tax')::bigint)
           FROM jsonb_each(answer::jsonb->'lines') lines(reference, line)), 0)::bigint
         + coalesce((answer::jsonb#>>'{delivery,tax}')::bigint, 0) AS tax, refused, entered_at FROM tax_sale""",
    """CREATE VIEW insights_tax_reversals AS
       SELECT refund, sale, amount, refused, transaction IS NOT NULL AS is_recorded, entered_at, restored_at
       FROM tax_reversal""",
    "CREATE INDEX tax_sale_to_enter ON tax_sale (reference_id) WHERE refused <> '' AND entered_at IS NULL",
    "CREATE INDEX tax_reversal_to_enter ON tax_reversal (refund) WHERE refused <> '' AND entered_at IS NULL",
    """CREATE FUNCTION tax_sale_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'what an order was charged by is kept as it is'; END $$""",
    """CREATE TRIGGER tax_sale_is_kept BEFORE UPDATE ON tax_sale FOR EACH ROW
       WHEN ((OLD.reference_id, OLD.calculation, OLD.answer::text)
         IS DISTINCT FROM (NEW.reference_id, NEW.calculation, NEW.answer::text))
       EXECUTE FUNCTION tax_sale_is_kept()""",
)
