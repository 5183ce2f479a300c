"""Menus lead to the journal once there is an article: every process is told when one is published or removed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000522"
VERSION = "1.38.0"
DESCRIPTION = "Menus know of articles"

STATEMENT = """CREATE TRIGGER article_is_told AFTER INSERT OR DELETE OR UPDATE OF published_at ON article
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_site_content()"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
