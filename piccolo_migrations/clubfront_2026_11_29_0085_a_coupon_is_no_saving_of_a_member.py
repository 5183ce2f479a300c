"""What a coupon took off was counted as a saving of the membership: such rows get the figures they should have had."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T10:40:00:000085"
VERSION = "1.38.0"
DESCRIPTION = "A coupon is no saving of a member"

STATEMENTS = (
    "ALTER TABLE benefit_use DISABLE TRIGGER benefit_use_is_append_only",
    "UPDATE benefit_use b SET regular = l.total + l.saved, paid = l.total FROM order_line l "
    "WHERE l.coupon > 0 AND b.reference = 'order-line:' || l.id::text",
    "UPDATE benefit_use b SET paid = side.sign * (l.total * r.quantity / l.quantity), "
    "regular = side.sign * (l.total * r.quantity / l.quantity + (l.regular_unit - l.unit) * r.quantity) "
    "FROM order_line l JOIN refund_line r ON r.line = l.id, "
    "(VALUES ('refund:', -1), ('refund-failed:', 1)) side(begins, sign) "
    "WHERE l.coupon > 0 AND b.reference = side.begins || r.refund::text || ':' || l.id::text",
    "ALTER TABLE benefit_use ENABLE TRIGGER benefit_use_is_append_only",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
