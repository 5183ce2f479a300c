"""Indexes that member lift and stored value owed are told from."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T03:00:00:000382"
VERSION = "1.38.0"
DESCRIPTION = "Orders by when they were paid, and the currencies of the ledger"

STATEMENTS = (
    "CREATE INDEX orders_sold ON orders (paid_at) INCLUDE (id, person, total) WHERE paid_at IS NOT NULL",
    "CREATE INDEX orders_paid_by ON orders (person, paid_at) INCLUDE (total) WHERE paid_at IS NOT NULL",
    "CREATE INDEX ledger_account_currencies ON ledger_account (currency) WHERE person IS NOT NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
