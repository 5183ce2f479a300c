"""What holds of a gift's refund, its view for figures, and the refunds made before they had rows of their own."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T09:00:00:000091"
VERSION = "1.38.0"
DESCRIPTION = "Refunds of gifts are recorded"

_MIRRORED = """
INSERT INTO gift_refund (id, gift, amount, currency, reason, status, stripe_id, at, by, settled_at)
SELECT coalesce(m.key, gen_random_uuid()), g.id, m.amount, m.currency,
  CASE WHEN m.key IS NULL THEN 'Made in Stripe' ELSE '' END,
  CASE WHEN m.status = 'succeeded' THEN 'succeeded' WHEN m.status IN ('failed', 'cancelled') THEN 'failed'
    ELSE 'pending' END,
  m.stripe_id, m.created_at, CASE WHEN m.key IS NOT NULL THEN g.refunded_by END,
  CASE WHEN m.status IN ('succeeded', 'failed', 'cancelled') THEN m.mirrored_at END
FROM mirrored_refund m JOIN gift_membership g ON g.id = m.reference_id WHERE m.amount > 0
ON CONFLICT DO NOTHING
"""
_NOT_ANSWERED = """
INSERT INTO gift_refund (id, gift, amount, currency, reason, status, at, by)
SELECT q.key, g.id, q.amount, q.currency, '', CASE WHEN q.refused IS NULL THEN 'asked' ELSE 'failed' END, q.asked_at,
  g.refunded_by
FROM requested_refund q JOIN gift_membership g ON g.id = q.reference_id WHERE q.stripe_id IS NULL AND q.amount > 0
ON CONFLICT DO NOTHING
"""
_WHOLE = """
SELECT g.id, max(r.at) AS at FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version
JOIN gift_refund r ON r.gift = g.id AND r.status <> 'failed' GROUP BY g.id, v.price HAVING sum(r.amount) >= v.price
"""

STATEMENTS = (
    """ALTER TABLE gift_refund ADD CONSTRAINT gift_refund_is_sensible
       CHECK (amount > 0 AND status IN ('asked', 'pending', 'succeeded', 'failed'))""",
    """CREATE VIEW insights_gift_refunds AS
       SELECT r.id, r.gift, v.plan, r.amount, r.currency, r.status, r.at, r.reviewed_at,
         g.redeemed_at IS NOT NULL AND g.refunded_at IS NOT NULL AS is_in_use
       FROM gift_refund r JOIN gift_membership g ON g.id = r.gift JOIN plan_version v ON v.id = g.plan_version""",
    "ALTER TABLE gift_membership DROP CONSTRAINT gift_membership_kept_or_refunded",
    _MIRRORED,
    _NOT_ANSWERED,
    f"""UPDATE gift_membership g SET refunded_at = w.at FROM ({_WHOLE}) w
        WHERE w.id = g.id AND g.refunded_at IS NULL""",
    f"""UPDATE gift_membership SET refunded_at = NULL, refunded_by = NULL
        WHERE refunded_at IS NOT NULL AND id NOT IN (SELECT w.id FROM ({_WHOLE}) w)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
