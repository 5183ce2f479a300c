from piccolo.columns import UUID, Boolean, Bytea, Timestamptz, Varchar
from piccolo.table import Table


class ShopSetup(Table):
    """How far a new shop has come; one row, and none in a shop that was never asked.

    Of the one-time link only the digest is kept. Until `opened_at` nobody but the owner sees the shop.
    """

    id = UUID(primary_key=True, default=None)
    begun_at = Timestamptz(default=None)
    link_digest = Bytea(null=True, default=None)
    link_expires_at = Timestamptz(null=True, default=None)
    owner = UUID(null=True, default=None)
    shop_at = Timestamptz(null=True, default=None)
    payments_at = Timestamptz(null=True, default=None)
    emails_at = Timestamptz(null=True, default=None)
    opened_at = Timestamptz(null=True, default=None)
    opened_by = UUID(null=True, default=None)


class ChecklistDecision(Table):
    """That somebody said an item of the checklist is not needed here, or is after all. Rows are append-only."""

    id = UUID(primary_key=True, default=None)
    item = Varchar(length=20)
    is_needed = Boolean(default=True)
    at = Timestamptz(default=None)
    by = UUID(default=None)


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX shop_setup_one ON shop_setup ((true))",
    """CREATE FUNCTION tell_of_shop_setup() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('shop_setup', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER shop_setup_is_told AFTER INSERT OR UPDATE OR DELETE ON shop_setup
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_shop_setup()""",
    """CREATE TRIGGER checklist_decision_is_append_only BEFORE UPDATE OR DELETE ON checklist_decision
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)
