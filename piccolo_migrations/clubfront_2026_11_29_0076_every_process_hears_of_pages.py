"""Every process hears of a changed page, section or menu; versions and agreements are only ever added."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T00:76:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Every process hears of pages"

STATEMENTS = (
    "ALTER TABLE menu_item ADD CONSTRAINT menu_item_menu CHECK (menu IN ('header', 'footer'))",
    """ALTER TABLE page_agreement ADD CONSTRAINT page_agreement_about
       CHECK (about IN ('order', 'joining') AND way IN ('sentence', 'tick'))""",
    "CREATE UNIQUE INDEX page_version_number ON page_version (page, number)",
    """CREATE TRIGGER page_version_is_append_only BEFORE UPDATE OR DELETE ON page_version
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER page_agreement_is_append_only BEFORE UPDATE OR DELETE ON page_agreement
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION tell_of_site_content() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('site_content', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER page_is_told AFTER INSERT OR UPDATE OR DELETE ON page
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_site_content()""",
    """CREATE TRIGGER home_section_is_told AFTER INSERT OR UPDATE OR DELETE ON home_section
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_site_content()""",
    """CREATE TRIGGER menu_item_is_told AFTER INSERT OR UPDATE OR DELETE ON menu_item
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_site_content()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
