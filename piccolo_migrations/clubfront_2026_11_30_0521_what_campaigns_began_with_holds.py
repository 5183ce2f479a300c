"""What Piccolo cannot express of it; and campaigns that are just being addressed go on with the rules of now."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000521"
VERSION = "1.38.0"
DESCRIPTION = "What campaigns began with holds"

STATEMENTS = (
    """UPDATE campaign c SET rules = s.rules FROM segment s
       WHERE s.id = c.segment AND c.started_at IS NOT NULL AND c.fixed_at IS NULL""",
    "ALTER TABLE mailing_rules DROP CONSTRAINT mailing_rules_once",
    """ALTER TABLE mailing_rules ADD CONSTRAINT mailing_rules_once CHECK (
       id = 1 AND most BETWEEN 1 AND 50 AND days BETWEEN 1 AND 90 AND confirms IN ('country', 'always')
       AND keep_months BETWEEN 1 AND 60)""",
    """CREATE INDEX email_marketing_text ON email (created_at)
       WHERE unsubscribe <> '' AND emptied_at IS NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
