"""What Piccolo cannot express of experiments: checks, indexes, triggers; and what experiments read of other parts."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T11:00:00:000421"
VERSION = "1.38.0"
DESCRIPTION = "Experiments hold"

STATEMENTS = (
    """ALTER TABLE experiment ADD CONSTRAINT experiment_sense CHECK (
  kind IN ('price', 'words') AND figure IN ('joined', 'money') AND days BETWEEN 1 AND 90
  AND promise_days BETWEEN 1 AND 90 AND base >= 0 AND spread >= 0 AND least >= 0 AND planned >= 0
  AND coalesce(most_refunds, 0) BETWEEN 0 AND 10000 AND coalesce(most_cancels, 0) BETWEEN 0 AND 10000
  AND coalesce(most_order_loss, 0) BETWEEN 0 AND 10000)""",
    """ALTER TABLE experiment ADD CONSTRAINT experiment_states CHECK (
  state IN ('draft', 'running', 'stopped', 'decided')
  AND (state = 'draft') = (started_at IS NULL) AND (state IN ('draft', 'running')) = (stopped_at IS NULL)
  AND (state = 'decided') = (decided_at IS NOT NULL) AND (state = 'decided') = (chosen IS NOT NULL)
  AND (started_at IS NULL) = (base_version IS NULL))""",
    "CREATE UNIQUE INDEX experiment_running_once ON experiment (kind, plan) WHERE state = 'running'",
    "CREATE UNIQUE INDEX experiment_arm_once ON experiment_arm (experiment, position)",
    """ALTER TABLE experiment_arm ADD CONSTRAINT experiment_arm_sense CHECK (
       position BETWEEN 0 AND 3 AND share BETWEEN 5 AND 95 AND coalesce(price, 1) > 0)""",
    "CREATE UNIQUE INDEX experiment_exposure_once ON experiment_exposure (experiment, person)",
    "CREATE INDEX experiment_exposure_first ON experiment_exposure (experiment, first_at)",
    """CREATE FUNCTION experiment_exposure_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.experiment, OLD.arm, OLD.first_at) IS DISTINCT FROM (NEW.experiment, NEW.arm, NEW.first_at) THEN
           RAISE EXCEPTION 'the arm that somebody was shown never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER experiment_exposure_is_kept BEFORE UPDATE ON experiment_exposure
       FOR EACH ROW EXECUTE FUNCTION experiment_exposure_is_kept()""",
    """CREATE FUNCTION experiments_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('experiments', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER experiment_changed AFTER INSERT OR UPDATE OR DELETE ON experiment
            FOR EACH STATEMENT EXECUTE FUNCTION experiments_changed()""",
    """CREATE TRIGGER experiment_arm_changed AFTER INSERT OR UPDATE OR DELETE ON experiment_arm
            FOR EACH STATEMENT EXECUTE FUNCTION experiments_changed()""",
    """CREATE VIEW insights_experiments AS
       SELECT id, name, state, stopped_at, stopped_by_itself, seen_at FROM experiment""",
    """CREATE VIEW experiments_joins AS
       SELECT holder AS person, starts_at FROM membership WHERE source IN ('subscription', 'term')""",
    "CREATE VIEW experiments_subscriptions AS SELECT id, payer, plan_version FROM subscription",
    """CREATE VIEW experiments_fees AS
       SELECT s.payer AS person, p.amount, p.currency, p.paid_at
       FROM paid_period p JOIN subscription s ON s.id = p.subscription WHERE NOT p.is_opening
       UNION ALL SELECT t.payer, v.price, v.currency, t.paid_at
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
    "CREATE VIEW experiments_cancels AS SELECT person, at FROM cancel_attempt",
    """CREATE VIEW experiments_orders AS
       SELECT person, total, currency, paid_at FROM orders WHERE paid_at IS NOT NULL AND person IS NOT NULL""",
    """CREATE VIEW experiments_refunds AS
       SELECT o.person, r.at FROM refund r JOIN orders o ON o.id = r."order" WHERE r.status <> 'failed'""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
