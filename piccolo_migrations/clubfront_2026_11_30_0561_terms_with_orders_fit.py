"""An order begins one membership at most, at the price that it says, and a code on its fee is of that; figures know
which one it began."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T18:10:00:000561"
VERSION = "1.38.0"
DESCRIPTION = "An order begins one membership at most"

STATEMENTS = (
    "ALTER TABLE orders DROP CONSTRAINT order_joining_code_is_of_a_joining",
    """ALTER TABLE orders ADD CONSTRAINT order_joining_code_is_of_a_joining CHECK (joining_off >= 0
       AND (joining_off = 0 OR joining_discount IS NOT NULL)
       AND (joining_discount IS NULL OR joining_code <> '' AND num_nonnulls(joins, joins_term) > 0)
       AND num_nonnulls(joins, joins_term) <= 1)""",
    """ALTER TABLE orders ADD CONSTRAINT order_joins_a_term_by_its_price CHECK (
       joins_term IS NULL OR joining_version IS NOT NULL)""",
    """CREATE OR REPLACE VIEW insights_orders AS
       SELECT id, number, person, name, currency, goods, delivery_list, delivery_saved, delivery_method,
         delivery_benefit, tax_rate, tax_is_included, total, credit, payment_reference, placed_at, paid_at,
         stock_taken_at, cancelled_at, fulfilled_at, flagged_at, email <> '' AS has_email, coupon,
         coalesce(address->>'country', '') AS country, coalesce(joins, joins_term) AS joined_with FROM orders""",
    """CREATE OR REPLACE FUNCTION figure_holding_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE since timestamptz; holders uuid[];
       BEGIN
         IF TG_OP = 'UPDATE' AND (OLD.holder, OLD.plan, OLD.source, OLD.starts_at)
            IS NOT DISTINCT FROM (NEW.holder, NEW.plan, NEW.source, NEW.starts_at) THEN
           IF OLD.ends_at IS NOT DISTINCT FROM NEW.ends_at THEN RETURN NULL; END IF;
           since := least(OLD.ends_at, NEW.ends_at);
           holders := ARRAY[NEW.holder];
         ELSIF TG_OP = 'UPDATE' THEN
           since := least(OLD.starts_at, NEW.starts_at);
           holders := ARRAY[OLD.holder, NEW.holder];
         ELSIF TG_OP = 'INSERT' THEN
           since := NEW.starts_at;
           holders := ARRAY[NEW.holder];
         ELSE
           since := OLD.starts_at;
           holders := ARRAY[OLD.holder];
         END IF;
         since := least(since, (SELECT min(paid_at) FROM insights_orders
           WHERE person = ANY(holders) AND joined_with = coalesce(NEW.source_id, OLD.source_id)));
         INSERT INTO figure_day_change (at)
           SELECT paid_at FROM insights_orders WHERE person = ANY(holders) AND paid_at >= since
           UNION SELECT at FROM insights_benefit_uses WHERE person = ANY(holders) AND at >= since
           UNION SELECT given_at FROM insights_credit_lots WHERE person = ANY(holders) AND given_at >= since;
         RETURN NULL;
       END $$""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
