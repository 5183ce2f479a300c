"""Checks and indexes of guarantees and places."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000266"
VERSION = "1.38.0"
DESCRIPTION = "Guarantees and places are checked"

STATEMENTS = (
    "ALTER TABLE plan ADD CONSTRAINT plan_places CHECK (places BETWEEN 0 AND 1000000)",
    """ALTER TABLE fee_guarantee ADD CONSTRAINT fee_guarantee_settled CHECK (
       CASE WHEN settled_at IS NULL THEN num_nonnulls(over_at, fee, saved, given) = 0 AND why = ''
  ELSE why IN ('given', 'saved', 'refunded', 'erased') AND num_nulls(fee, saved, given) = 0 AND given >= 0
    AND (given > 0) = (why = 'given') END)""",
    "ALTER TABLE fee_guarantee ADD CONSTRAINT fee_guarantee_dates CHECK (until_at > starts_at)",
    "ALTER TABLE guaranteed_fee ADD CONSTRAINT guaranteed_fee_amount CHECK (amount > 0)",
    "CREATE UNIQUE INDEX fee_guarantee_once ON fee_guarantee (source_id, starts_at)",
    "CREATE INDEX fee_guarantee_open ON fee_guarantee (until_at) WHERE settled_at IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
