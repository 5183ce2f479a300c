"""What Stripe Tax said of an order can be compared with what it was charged."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000473"
VERSION = "1.38.0"
DESCRIPTION = "Orders are compared with what Stripe Tax said"

STATEMENTS = (
    """CREATE VIEW insights_tax_sales AS
       SELECT reference_id, calculation, coalesce((SELECT sum((line->>'tax')::bigint)
           FROM jsonb_each(answer::jsonb->'lines') lines(reference, line)), 0)::bigint
         + coalesce((answer::jsonb#>>'{delivery,tax}')::bigint, 0) AS tax FROM tax_sale""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
