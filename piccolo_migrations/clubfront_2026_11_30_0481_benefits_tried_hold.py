"""What Piccolo cannot express of benefits that are tried: a variant is of its plan, and which experiments may run."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000481"
VERSION = "1.38.0"
DESCRIPTION = "Benefits tried hold"

STATEMENTS = (
    "ALTER TABLE plan_variant ADD CONSTRAINT plan_variant_of_plan UNIQUE (id, plan)",
    *(
        f"""ALTER TABLE {table} ADD CONSTRAINT {table}_variant FOREIGN KEY (variant, plan)
            REFERENCES plan_variant (id, plan)"""
        for table in ("plan_version", "membership")
    ),
    """CREATE TRIGGER plan_variant_changed AFTER INSERT OR UPDATE OR DELETE ON plan_variant
       FOR EACH STATEMENT EXECUTE FUNCTION plans_changed()""",
    "ALTER TABLE experiment DROP CONSTRAINT experiment_sense",
    """ALTER TABLE experiment ADD CONSTRAINT experiment_sense CHECK (
  kind IN ('price', 'words', 'offers', 'benefits') AND (kind = 'offers') = (plan IS NULL)
  AND (kind = 'offers') = (reason <> '') AND (kind = 'benefits' OR benefit IS NULL)
  AND CASE WHEN kind = 'offers' THEN figure IN ('kept', 'money') AND days BETWEEN 1 AND 400
    ELSE figure IN ('joined', 'money') AND days BETWEEN 1 AND 90 END
  AND promise_days BETWEEN 1 AND 90 AND base >= 0 AND spread >= 0 AND least >= 0 AND planned >= 0
  AND coalesce(most_refunds, 0) BETWEEN 0 AND 10000 AND coalesce(most_cancels, 0) BETWEEN 0 AND 10000
  AND coalesce(most_order_loss, 0) BETWEEN 0 AND 10000)""",
    """CREATE UNIQUE INDEX experiment_version_running_once ON experiment (plan)
       WHERE state = 'running' AND kind IN ('price', 'benefits')""",
    """CREATE OR REPLACE VIEW experiments_prices AS
       SELECT v.id, p.name AS plan, v.price, v.currency, b.name AS benefit
       FROM plan_version v JOIN plan p ON p.id = v.plan LEFT JOIN plan_variant w ON w.id = v.variant
       LEFT JOIN benefit b ON b.id = w.benefit""",
    """CREATE OR REPLACE VIEW experiments_orders AS
       SELECT person, total, currency, paid_at, credit FROM orders WHERE paid_at IS NOT NULL AND person IS NOT NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
