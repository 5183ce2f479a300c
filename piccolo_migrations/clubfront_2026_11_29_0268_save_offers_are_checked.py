"""Checks and indexes of save offers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000268"
VERSION = "1.38.0"
DESCRIPTION = "Save offers are checked"

STATEMENTS = (
    """ALTER TABLE save_offer ADD CONSTRAINT save_offer_sense CHECK (
       kind IN ('pause', 'downgrade', 'discount') AND (kind = 'downgrade') = (to_plan IS NOT NULL)
  AND CASE WHEN kind = 'discount' THEN percent_bp BETWEEN 1 AND 9999 AND payments BETWEEN 1 AND 60
    AND every_months BETWEEN 1 AND 120 ELSE percent_bp = 0 END)""",
    "CREATE UNIQUE INDEX save_offer_open ON save_offer (reason, kind) WHERE ended_at IS NULL",
    """CREATE UNIQUE INDEX save_offer_shown_open ON save_offer_shown (offer, subscription)
       WHERE accepted_at IS NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
