from piccolo.columns import JSON, UUID, Boolean, Bytea, Integer, Text, Timestamptz, Varchar
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


class AuditWitness(Table):
    """That an audit entry was written, and the digest of what it said: a second copy would say nothing more.

    Written by the database with each entry, so that an entry that is gone or altered is missed.
    """

    id = UUID(primary_key=True, default=None)
    digest = Bytea()


class ParkedJob(Table):
    """A job that failed after its retries, until it is retried by staff."""

    id = UUID(primary_key=True, default=None)
    job_id = Varchar(length=40, unique=True)
    task = Varchar(length=100)
    args = JSON()
    why = Text()
    parked_at = Timestamptz(default=None)
    is_settled = Boolean(default=False)


class SecurityEvent(Table):
    """What was tried, by whom and from where, `times` within a minute; deleted after 90 days."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=40)
    minute = Timestamptz(default=None)
    at = Timestamptz(default=None, index=True)
    person = UUID(null=True, default=None, index=True)
    email = Varchar(length=254, default="")
    address = Varchar(length=60, default="", index=True)
    request_id = Varchar(length=40, default="")
    detail = Varchar(length=200, default="")
    times = Integer(default=1)


class ShopSetting(Table):
    """What a setting of the shop was set to; the latest row of a name is what holds. Rows are append-only."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=60, index=True)
    value = Text()
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class DeletedThing(Table):
    """What staff deleted, with its rows (`parts`, pairs of a table and a row), so that it can be brought back.

    `path` is the page that lists its kind. Forgotten after a month.
    """

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=30)
    name = Varchar(length=255)
    path = Varchar(length=300)
    parts = JSON()
    deleted_at = Timestamptz(default=None, index=True)
    deleted_by = UUID(null=True, default=None)
    restored_at = Timestamptz(null=True, default=None)


DDL = (
    """CREATE FUNCTION holds(from_at timestamptz, until_at timestamptz, at timestamptz) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT from_at <= at AND (until_at IS NULL OR until_at > at) $$""",
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER announced_fact_is_append_only BEFORE UPDATE OR DELETE ON announced_fact
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE UNIQUE INDEX security_event_once_a_minute
    ON security_event (kind, minute, (coalesce(person::text, email)), address, detail)""",
    """CREATE FUNCTION audit_entry_digest(entry audit_entry) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(concat_ws('|', entry.id, extract(epoch FROM entry.at), entry.actor, entry.what,
      entry.subject, entry.subject_id, entry.before::text, entry.after::text), 'UTF8')) $$""",
    """CREATE FUNCTION audit_entry_witnessed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO audit_witness (id, digest) VALUES (NEW.id, audit_entry_digest(NEW));
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER audit_entry_witnessed AFTER INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_witnessed()""",
    """CREATE TRIGGER audit_witness_is_append_only BEFORE UPDATE OR DELETE ON audit_witness
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    "CREATE VIEW insights_audit_entries AS SELECT actor, what, subject, subject_id, at FROM audit_entry",
    "CREATE INDEX announced_fact_of_order ON announced_fact ((body ->> 'order_id')) WHERE name = 'OrderPaid'",
    """CREATE TRIGGER shop_setting_is_append_only BEFORE UPDATE OR DELETE ON shop_setting
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION tell_of_shop_settings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('shop_settings', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER shop_setting_is_told AFTER INSERT ON shop_setting
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_shop_settings()""",
    "CREATE VIEW insights_facts AS SELECT id, name, body, announced_at FROM announced_fact",
    "CREATE VIEW insights_jobs AS SELECT id, task_name, args, status FROM procrastinate_jobs",
)
