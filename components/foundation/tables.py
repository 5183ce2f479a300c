from piccolo.columns import JSON, UUID, Boolean, Text, Timestamptz, Varchar
from piccolo.table import Table


class AnnouncedFact(Table):
    """Stored facts. Rows are append-only."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=100, index=True)
    body = JSON()
    announced_at = Timestamptz(default=None, index=True)


class AuditEntry(Table):
    """Which operator changed what, and what it was before. Rows are append-only."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None, index=True)
    actor = UUID(null=True, default=None, index=True)
    what = Varchar(length=100)
    subject = Varchar(length=60, index=True)
    subject_id = Text(index=True)
    before = JSON(null=True, default=None)
    after = JSON(null=True, default=None)


class ParkedJob(Table):
    """A job that failed after its retries, until it is retried by staff."""

    id = UUID(primary_key=True, default=None)
    job_id = Varchar(length=40, unique=True)
    task = Varchar(length=100)
    args = JSON()
    why = Text()
    parked_at = Timestamptz(default=None)
    is_settled = Boolean(default=False)


class ShopSetting(Table):
    """What a setting of the shop was set to; the latest row of a name is what holds. Rows are append-only."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=60, index=True)
    value = Text()
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


DDL = (
    """CREATE FUNCTION holds(from_at timestamptz, until_at timestamptz, at timestamptz) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT from_at <= at AND (until_at IS NULL OR until_at > at) $$""",
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER announced_fact_is_append_only BEFORE UPDATE OR DELETE ON announced_fact
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER shop_setting_is_append_only BEFORE UPDATE OR DELETE ON shop_setting
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION tell_of_shop_settings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('shop_settings', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER shop_setting_is_told AFTER INSERT ON shop_setting
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_shop_settings()""",
    "CREATE VIEW insights_facts AS SELECT id, name, body, announced_at FROM announced_fact",
    "CREATE VIEW insights_jobs AS SELECT id, task_name, args, status FROM procrastinate_jobs",
)
