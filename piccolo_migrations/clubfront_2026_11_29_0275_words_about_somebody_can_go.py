"""Words about somebody who is erased can go from the ledger, and stand in no entry of the audit log any more."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T23:00:00:000275"
VERSION = "1.38.0"
DESCRIPTION = "Words about somebody can go"

_WORDS = "ARRAY['note', 'words', 'reason', 'explanation', 'result', 'tracking', 'name', 'email']"
_ABOUT_SOMEBODY = """subject IN ('person', 'order', 'subscription', 'gift', 'term', 'dispute', 'payment mismatch',
  'difference')"""
_NAMING = f"""{_ABOUT_SOMEBODY} AND (jsonb_typeof(before::jsonb) = 'object' AND before::jsonb ?| {_WORDS}
  OR jsonb_typeof(after::jsonb) = 'object' AND after::jsonb ?| {_WORDS})"""
STATEMENTS = (
    """CREATE FUNCTION ledger_posting_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'UPDATE' AND NEW.words = '' AND to_jsonb(NEW) - 'words' = to_jsonb(OLD) - 'words' THEN
           RETURN NEW;
         END IF;
         RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
       END $$""",
    "DROP TRIGGER ledger_posting_is_append_only ON ledger_posting",
    """CREATE TRIGGER ledger_posting_is_append_only BEFORE UPDATE OR DELETE ON ledger_posting
       FOR EACH ROW EXECUTE FUNCTION ledger_posting_is_kept()""",
    "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_is_append_only",
    "ALTER TABLE audit_witness DISABLE TRIGGER audit_witness_is_append_only",
    f"""WITH told AS (
         UPDATE audit_entry SET before = (before::jsonb - {_WORDS})::json, after = (after::jsonb - {_WORDS})::json
         WHERE {_NAMING} RETURNING audit_entry.*)
       UPDATE audit_witness w SET digest = sha256(convert_to(concat_ws('|', t.id, extract(epoch FROM t.at), t.actor,
         t.what, t.subject, t.subject_id, t.before::text, t.after::text), 'UTF8'))
       FROM told t WHERE w.id = t.id""",
    "ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_is_append_only",
    "ALTER TABLE audit_witness ENABLE TRIGGER audit_witness_is_append_only",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
