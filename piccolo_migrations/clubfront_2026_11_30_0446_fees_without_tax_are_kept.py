"""A fee without tax is never on offer, there is one of each, and what it is without tax of never changes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T11:00:00:000446"
VERSION = "1.38.0"
DESCRIPTION = "Fees without tax are kept"

STATEMENTS = (
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_net CHECK (net_of IS NULL OR from_at = until_at)",
    "CREATE UNIQUE INDEX plan_version_net_once ON plan_version (net_of, price) WHERE net_of IS NOT NULL",
    """CREATE OR REPLACE FUNCTION plan_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.plan, OLD.price, OLD.currency, OLD.interval, OLD.interval_count, OLD.is_once, OLD.from_at,
             OLD.net_of)
            IS DISTINCT FROM
            (NEW.plan, NEW.price, NEW.currency, NEW.interval, NEW.interval_count, NEW.is_once, NEW.from_at,
             NEW.net_of) THEN
           RAISE EXCEPTION 'the price of a plan version never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE OR REPLACE VIEW insights_plan_versions AS
       SELECT id, plan, price, currency, interval, interval_count, is_once, from_at, until_at, net_of
       FROM plan_version""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
