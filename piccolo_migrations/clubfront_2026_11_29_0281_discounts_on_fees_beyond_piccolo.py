"""A discount takes something off and leaves something; one at a time on each subscription."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000281"
VERSION = "1.38.0"
DESCRIPTION = "Discounts on fees beyond Piccolo"

STATEMENTS = (
    """ALTER TABLE fee_discount ADD CONSTRAINT fee_discount_is_sensible CHECK (
       (percent_bp BETWEEN 1 AND 9999) <> (amount > 0) AND amount >= 0
       AND (payments IS NULL OR payments BETWEEN 1 AND 60)
       AND source IN ('code', 'staff', 'offer') AND (ended_at IS NULL) = (why_ended = '')
       AND why_ended IN ('', 'used', 'taken off', 'refused', 'not paid', 'over', 'replaced'))""",
    "CREATE UNIQUE INDEX fee_discount_open_once ON fee_discount (subscription) WHERE ended_at IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
