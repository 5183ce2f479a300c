"""An uploaded logo or icon is within its bounds and is never changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T03:20:00:000081"
VERSION = "1.38.0"
DESCRIPTION = "Brand images are kept"

STATEMENTS = (
    "ALTER TABLE brand_image ADD CONSTRAINT brand_image_size "
    "CHECK (width BETWEEN 1 AND 1024 AND height BETWEEN 1 AND 1024 AND octet_length(png) <= 2000000)",
    "CREATE TRIGGER brand_image_is_append_only BEFORE UPDATE OR DELETE ON brand_image "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
