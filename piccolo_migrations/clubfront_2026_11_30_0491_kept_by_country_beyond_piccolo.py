"""How figures by country are found, and what changes them: an order that goes to another country, on its day and on
those of its refunds."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000491"
VERSION = "1.38.0"
DESCRIPTION = "Figures by country are found and changed"

STATEMENTS = (
    "CREATE INDEX figure_sold_day_where ON figure_sold_day (country, day)",
    "CREATE INDEX figure_sold_day_when ON figure_sold_day (day)",
    "CREATE INDEX figure_payer_country_where ON figure_payer_country (country, person)",
    """CREATE FUNCTION figure_order_moved() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_day_change (at) SELECT at FROM (
           SELECT NEW.paid_at AS at UNION SELECT at FROM insights_refunds WHERE order_id = NEW.id) days
           WHERE at IS NOT NULL;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER orders_go_to_another_country AFTER UPDATE OF address ON orders
       FOR EACH ROW WHEN (OLD.address ->> 'country' IS DISTINCT FROM NEW.address ->> 'country')
       EXECUTE FUNCTION figure_order_moved()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
