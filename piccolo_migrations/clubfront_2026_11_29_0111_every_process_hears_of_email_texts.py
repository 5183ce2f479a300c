"""Texts of e-mails are only ever added, every process hears of them, and one that could not be used is a to-do."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T10:50:00:000111"
VERSION = "1.38.0"
DESCRIPTION = "Every process hears of e-mail texts"

STATEMENTS = (
    "CREATE INDEX email_latest_of_kind ON email (template, created_at DESC) WHERE placeholder_values IS NOT NULL",
    "CREATE UNIQUE INDEX email_text_version_number ON email_text_version (kind, number)",
    "CREATE UNIQUE INDEX email_text_trouble_version ON email_text_trouble (kind, number)",
    """CREATE TRIGGER email_text_version_is_append_only BEFORE UPDATE OR DELETE ON email_text_version
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION tell_of_email_texts() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('email_texts', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER email_text_version_is_told AFTER INSERT OR UPDATE OR DELETE ON email_text_version
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_email_texts()""",
    """CREATE VIEW insights_email_text_troubles AS
       SELECT t.kind, t.number, t.words, t.at FROM email_text_trouble t
       WHERE NOT EXISTS (SELECT FROM email_text_version v WHERE v.kind = t.kind AND v.number > t.number)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
