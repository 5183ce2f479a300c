"""What holds of suggestions, and what is read of coupons that nobody uses."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T03:00:00:000431"
VERSION = "1.38.0"
DESCRIPTION = "What holds of suggestions"

STATEMENTS = (
    "CREATE UNIQUE INDEX suggestion_once ON suggestion (kind, subject)",
    "CREATE UNIQUE INDEX suggestion_row_once ON suggestion_row (suggestion, number)",
    """ALTER TABLE suggestion ADD CONSTRAINT suggestion_is_said CHECK (
       state IN ('open', 'snoozed', 'dismissed', 'done') AND (state = 'snoozed') = (snoozed_until IS NOT NULL)
       AND evidence > 0 AND marked BETWEEN 0 AND evidence AND since < until AND first_found_at <= found_at)""",
    """ALTER TABLE suggestion_decision ADD CONSTRAINT suggestion_decision_is_one
       CHECK (state IN ('open', 'snoozed', 'dismissed', 'done') AND (state = 'snoozed') = (until IS NOT NULL)
         AND (state <> 'dismissed' OR reason <> ''))""",
    """CREATE TRIGGER suggestion_decision_is_append_only BEFORE UPDATE OR DELETE ON suggestion_decision
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE OR REPLACE VIEW insights_coupons AS
       SELECT id, code, used, from_at, until_at, withdrawn_at, for_fees FROM coupon""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
