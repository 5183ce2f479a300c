"""An invoice address names somebody; only an invoice replaces another, and only one with another buyer."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000312"
VERSION = "1.38.0"
DESCRIPTION = "One invoice replaces another"

STATEMENTS = (
    "ALTER TABLE invoice_address ADD CONSTRAINT invoice_address_names_somebody CHECK (name <> '' OR company <> '')",
    """ALTER TABLE invoice ADD CONSTRAINT invoice_replaces_one CHECK (
       (replaces IS NOT NULL) = (cause LIKE 'buyer:%') AND (replaces IS NULL OR kind = 'invoice' AND replaces <> id)
       AND (cause NOT LIKE 'buyer-credit:%' OR kind = 'credit' AND cause = 'buyer-credit:' || corrects))""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
