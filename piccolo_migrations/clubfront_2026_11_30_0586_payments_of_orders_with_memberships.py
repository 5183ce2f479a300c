"""An order that was paid together with a membership names the payment, which is that of the first invoice."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T18:50:00:000586"
VERSION = "1.38.0"
DESCRIPTION = "Payments of orders with memberships"

STATEMENTS = (
    """UPDATE orders o SET payment_reference = i.payment_intent
       FROM checkout_session page JOIN mirrored_invoice i
         ON i.subscription = page.subscription_ref AND i.reason = 'subscription_create'
       WHERE page.along = o.id AND page.paid_at IS NOT NULL AND o.paid_at IS NOT NULL
         AND o.payment_reference IS NULL AND i.payment_intent IS NOT NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
