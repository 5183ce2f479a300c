"""What Piccolo cannot express of offers that are tried: checks, indexes, and what experiments read of memberships."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T11:00:00:000423"
VERSION = "1.38.0"
DESCRIPTION = "Offers tried hold"

STATEMENTS = (
    "ALTER TABLE experiment DROP CONSTRAINT experiment_sense",
    "ALTER TABLE experiment DROP CONSTRAINT experiment_states",
    "ALTER TABLE experiment_arm DROP CONSTRAINT experiment_arm_sense",
    "DROP INDEX save_offer_open",
    """ALTER TABLE experiment ADD CONSTRAINT experiment_sense CHECK (
  kind IN ('price', 'words', 'offers') AND (kind = 'offers') = (plan IS NULL)
  AND (kind = 'offers') = (reason <> '')
  AND CASE WHEN kind = 'offers' THEN figure IN ('kept', 'money') AND days BETWEEN 1 AND 400
    ELSE figure IN ('joined', 'money') AND days BETWEEN 1 AND 90 END
  AND promise_days BETWEEN 1 AND 90 AND base >= 0 AND spread >= 0 AND least >= 0 AND planned >= 0
  AND coalesce(most_refunds, 0) BETWEEN 0 AND 10000 AND coalesce(most_cancels, 0) BETWEEN 0 AND 10000
  AND coalesce(most_order_loss, 0) BETWEEN 0 AND 10000)""",
    """ALTER TABLE experiment ADD CONSTRAINT experiment_states CHECK (
  state IN ('draft', 'running', 'stopped', 'decided')
  AND (state = 'draft') = (started_at IS NULL) AND (state IN ('draft', 'running')) = (stopped_at IS NULL)
  AND (state = 'decided') = (decided_at IS NOT NULL) AND (state = 'decided') = (chosen IS NOT NULL)
  AND (started_at IS NULL OR kind = 'offers') = (base_version IS NULL))""",
    """ALTER TABLE experiment_arm ADD CONSTRAINT experiment_arm_sense CHECK (
  position BETWEEN 0 AND 3 AND share BETWEEN 5 AND 95 AND coalesce(price, 1) > 0
  AND offer_kind IN ('', 'pause', 'downgrade', 'discount') AND percent_bp BETWEEN 0 AND 9999
  AND payments BETWEEN 1 AND 60 AND every_months BETWEEN 1 AND 120)""",
    """CREATE UNIQUE INDEX experiment_offers_running_once ON experiment (reason)
       WHERE state = 'running' AND kind = 'offers'""",
    "CREATE UNIQUE INDEX save_offer_open ON save_offer (reason, kind) WHERE ended_at IS NULL AND NOT is_tried",
    "CREATE VIEW experiments_offers_seen AS SELECT person, shown_at AS at FROM save_offer_shown",
    """CREATE OR REPLACE VIEW experiments_cancels AS
       SELECT person, at, subscription, withdrawn_at FROM cancel_attempt""",
    """CREATE OR REPLACE VIEW experiments_subscriptions AS
       SELECT id, payer, plan_version, started_at, ended_at, cancel_at FROM subscription""",
    """CREATE VIEW experiments_fee_refunds AS
       SELECT s.payer AS person, r.at FROM fee_refund r JOIN subscription s ON s.id = r.subscription
       WHERE r.status <> 'failed'""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
