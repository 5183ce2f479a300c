"""The rates come back, and every order has its tax as a row."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T02:07:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Orders keep each tax"

STATEMENTS = (
    """INSERT INTO tax_rate (id, country, region, category, name, rate_bp, is_added, from_at, until_at, made_at, source)
       SELECT id, country, '', 'standard', name, rate_bp, false, '2000-01-01Z', NULL, '2000-01-01Z', ''
       FROM tax_rate_before""",
    "DROP TABLE tax_rate_before",
    """UPDATE orders o SET delivery_tax = o.tax - (SELECT coalesce(sum(l.tax), 0) FROM order_line l
       WHERE l."order" = o.id) WHERE o.tax > 0""",
    """UPDATE order_line l SET tax_rate = CASE WHEN l.tax > 0 THEN o.tax_rate ELSE 0 END,
         tax_category = CASE WHEN l.tax = 0 AND l.total > 100 THEN 'exempt' ELSE 'standard' END
       FROM orders o WHERE o.id = l."order" AND o.tax_rate > 0""",
    """INSERT INTO order_tax (id, "order", position, name, rate_bp, net, amount, of_fee, rate)
       SELECT gen_random_uuid(), o.id, 0, o.tax_name, o.tax_rate,
         (SELECT coalesce(sum(l.total) FILTER (WHERE l.tax > 0), 0) FROM order_line l WHERE l."order" = o.id)
         + CASE WHEN o.delivery_tax > 0 THEN o.delivery ELSE 0 END
         - CASE WHEN o.tax_is_included THEN o.tax ELSE 0 END, o.tax, false, NULL
       FROM orders o WHERE o.tax > 0""",
    "ALTER TABLE order_tax ADD CONSTRAINT order_tax_is_not_negative CHECK (rate_bp > 0 AND net >= 0 AND amount >= 0)",
    "ALTER TABLE tax_rate ADD CONSTRAINT tax_rate_ends_after_it_begins CHECK (until_at >= from_at)",
    """CREATE VIEW insights_tax_rates AS
       SELECT id, country, region, category, rate_bp, from_at, until_at, made_at FROM tax_rate""",
    """CREATE OR REPLACE VIEW insights_order_lines AS
       SELECT id, "order" AS order_id, position, variant_id, product_id, title, quantity, regular_unit, unit_cost,
         total, saved, coupon, gift, trace, tax, tax_rate FROM order_line""",
    """CREATE VIEW insights_order_taxes AS
       SELECT t.id, t."order" AS order_id, o.number, o.placed_at, t.name, t.rate_bp, t.net, t.amount, t.rate, t.of_fee
       FROM order_tax t JOIN orders o ON t."order" = o.id""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
