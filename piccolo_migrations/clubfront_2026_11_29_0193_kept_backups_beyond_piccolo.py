"""What holds of kept backups and of a shop that has moved."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T15:30:00:000193"
VERSION = "1.38.0"
DESCRIPTION = "Kept backups: what Piccolo cannot express"

STATEMENTS = (
    "ALTER TABLE moved_shop ADD CONSTRAINT moved_shop_is_one CHECK (is_moved)",
    """CREATE FUNCTION tell_of_moved_shop() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('moved_shop', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER moved_shop_is_told AFTER INSERT OR DELETE ON moved_shop
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_moved_shop()""",
    """ALTER TABLE kept_backup ADD CONSTRAINT kept_backup_proven_when_tried
    CHECK (proven_at IS NULL OR (proven_at <= tried_at AND ended_at IS NOT NULL AND failure = ''))""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
