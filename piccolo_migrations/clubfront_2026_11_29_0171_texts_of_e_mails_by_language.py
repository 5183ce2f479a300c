"""The versions of an e-mail's text are counted for each language."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T13:10:00:000171"
VERSION = "1.38.0"
DESCRIPTION = "Texts of e-mails by language"

STATEMENTS = (
    "DROP INDEX email_text_version_number",
    "DROP INDEX email_text_trouble_version",
    "CREATE UNIQUE INDEX email_text_version_number ON email_text_version (kind, language, number)",
    "CREATE UNIQUE INDEX email_text_trouble_version ON email_text_trouble (kind, language, number)",
    "DROP VIEW insights_email_text_troubles",
    """CREATE VIEW insights_email_text_troubles AS
       SELECT t.kind, t.language, t.number, t.words, t.at FROM email_text_trouble t
       WHERE NOT EXISTS (SELECT FROM email_text_version v
         WHERE v.kind = t.kind AND v.language = t.language AND v.number > t.number)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
