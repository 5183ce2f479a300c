"""What an order was charged by is kept as it is; a reversal gives something back."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000471"
VERSION = "1.38.0"
DESCRIPTION = "What an order was charged by is kept"

STATEMENTS = (
    r"ALTER TABLE tax_code ADD CONSTRAINT tax_code_is_stripes CHECK (code ~ '^txcd_[0-9]{8}$')",
    "CREATE INDEX tax_reversal_by_sale ON tax_reversal (sale)",
    "ALTER TABLE tax_reversal ADD CONSTRAINT tax_reversal_is_positive CHECK (amount > 0)",
    """CREATE FUNCTION tax_sale_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'what an order was charged by is kept as it is'; END $$""",
    """CREATE TRIGGER tax_sale_is_kept BEFORE UPDATE ON tax_sale FOR EACH ROW
       WHEN ((OLD.reference_id, OLD.calculation, OLD.answer::text)
         IS DISTINCT FROM (NEW.reference_id, NEW.calculation, NEW.answer::text))
       EXECUTE FUNCTION tax_sale_is_kept()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
