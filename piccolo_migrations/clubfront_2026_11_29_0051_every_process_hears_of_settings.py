"""Every process hears of a changed setting; what was set before stays readable."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T00:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Every process hears of settings"

STATEMENTS = (
    "CREATE TRIGGER shop_setting_is_append_only BEFORE UPDATE OR DELETE ON shop_setting "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    """CREATE FUNCTION tell_of_shop_settings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('shop_settings', ''); RETURN NULL; END $$""",
    "CREATE TRIGGER shop_setting_is_told AFTER INSERT ON shop_setting "
    "FOR EACH STATEMENT EXECUTE FUNCTION tell_of_shop_settings()",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
