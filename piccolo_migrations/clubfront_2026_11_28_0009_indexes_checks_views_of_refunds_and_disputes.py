"""What Piccolo cannot express of the tables of the migration before this one."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-28T21:20:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes, checks and views for differences, disputes and fee refunds"

STATEMENTS = (
    """CREATE UNIQUE INDEX stripe_difference_once ON stripe_difference (rule, subject) WHERE gone_at IS NULL""",
    """CREATE VIEW insights_disputes AS SELECT stripe_id, status, answer_by, reviewed_at FROM mirrored_dispute""",
    """CREATE VIEW insights_differences AS SELECT id, gone_at, explained_at FROM stripe_difference""",
    """ALTER TABLE fee_refund ADD CONSTRAINT fee_refund_is_sensible
       CHECK (amount > 0 AND status IN ('asked', 'pending', 'succeeded', 'failed'))""",
    """CREATE VIEW insights_fee_refunds AS
       SELECT id, subscription, invoice, amount, currency, status, at FROM fee_refund""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
