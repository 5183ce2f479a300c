"""Checks and indexes of adopting; a movement of its own kind, which goes when an adoption is undone."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000241"
VERSION = "1.38.0"
DESCRIPTION = "Adopting beyond Piccolo"

STATEMENTS = (
    """ALTER TABLE adoption ADD CONSTRAINT adoption_state CHECK (state IN
       ('reading', 'read', 'adopting', 'done', 'cancelled', 'undoing', 'undone', 'failed'))""",
    "CREATE UNIQUE INDEX adoption_row_place ON adoption_row (run, position)",
    "CREATE UNIQUE INDEX adoption_row_key ON adoption_row (run, key)",
    "CREATE UNIQUE INDEX adoption_plan_key ON adoption_plan (run, key)",
    "CREATE UNIQUE INDEX adoption_row_local ON adoption_row (local) WHERE local IS NOT NULL",
    """ALTER TABLE adoption_row ADD CONSTRAINT adoption_row_outcome CHECK (outcome IN ('', 'adopting', 'adopted',
       'moved', 'until', 'given', 'skipped', 'failed', 'undone', 'kept'))""",
    "ALTER TABLE paid_period ADD CONSTRAINT paid_period_opening CHECK (NOT is_opening OR amount = 0)",
    "CREATE UNIQUE INDEX paid_period_opening_once ON paid_period (subscription) WHERE is_opening",
    """CREATE OR REPLACE VIEW insights_paid_periods AS
       SELECT subscription, invoice, starts_at, ends_at, amount, currency, paid_at, plan_version, net_amount,
         net_price, is_partial, id, is_opening FROM paid_period""",
    "ALTER TABLE movement DROP CONSTRAINT movement_kind",
    """ALTER TABLE movement ADD CONSTRAINT movement_kind CHECK (kind IN
       ('new', 'expansion', 'contraction', 'churn', 'reactivation', 'pause', 'resume', 'adopted'))""",
    "DROP TRIGGER movement_is_append_only ON movement",
    """CREATE FUNCTION movement_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' AND OLD.kind = 'adopted' AND NOT EXISTS (SELECT FROM movement later
            WHERE later.person = OLD.person AND later.epoch = OLD.epoch AND later.turn > OLD.turn) THEN
           RETURN OLD;
         END IF;
         RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
       END $$""",
    """CREATE TRIGGER movement_is_append_only BEFORE UPDATE OR DELETE ON movement
       FOR EACH ROW EXECUTE FUNCTION movement_is_kept()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
