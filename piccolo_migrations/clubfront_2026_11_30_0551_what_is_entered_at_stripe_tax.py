"""Sales and refunds that Stripe Tax refused, as Today counts them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T18:00:00:000551"
VERSION = "1.38.0"
DESCRIPTION = "What Stripe Tax refused is counted"

STATEMENTS = (
    "DROP VIEW insights_tax_sales",
    """CREATE VIEW insights_tax_sales AS
       SELECT reference_id, calculation, coalesce((SELECT sum((line->>'tax')::bigint)
           FROM jsonb_each(answer::jsonb->'lines') lines(reference, line)), 0)::bigint
         + coalesce((answer::jsonb#>>'{delivery,tax}')::bigint, 0) AS tax, refused, entered_at FROM tax_sale""",
    """CREATE VIEW insights_tax_reversals AS
       SELECT refund, sale, amount, refused, transaction IS NOT NULL AS is_recorded, entered_at, restored_at
       FROM tax_reversal""",
    """CREATE OR REPLACE VIEW insights_order_taxes AS
       SELECT t.id, t."order" AS order_id, o.number, o.placed_at, t.name, t.rate_bp, t.net, t.amount, t.rate, t.of_fee,
         t.counted FROM order_tax t JOIN orders o ON t."order" = o.id""",
    "CREATE INDEX tax_sale_to_enter ON tax_sale (reference_id) WHERE refused <> '' AND entered_at IS NULL",
    "CREATE INDEX tax_reversal_to_enter ON tax_reversal (refund) WHERE refused <> '' AND entered_at IS NULL",
    "CREATE INDEX refund_failed ON refund (id) WHERE status = 'failed'",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
