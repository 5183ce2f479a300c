"""There is one set-up at most, every process hears of it, and decisions about the checklist are never changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T03:40:00:000101"
VERSION = "1.38.0"
DESCRIPTION = "Every process hears of the opening"

STATEMENTS = (
    "CREATE UNIQUE INDEX shop_setup_one ON shop_setup ((true))",
    """CREATE FUNCTION tell_of_shop_setup() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('shop_setup', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER shop_setup_is_told AFTER INSERT OR UPDATE OR DELETE ON shop_setup
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_shop_setup()""",
    """CREATE TRIGGER checklist_decision_is_append_only BEFORE UPDATE OR DELETE ON checklist_decision
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
