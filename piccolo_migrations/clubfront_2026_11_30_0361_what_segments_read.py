"""What a segment and a tag are, and what the rules of segments read."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000361"
VERSION = "1.38.0"
DESCRIPTION = "What the rules of segments read"

STATEMENTS = (
    "CREATE UNIQUE INDEX segment_name ON segment (lower(name)) WHERE archived_at IS NULL",
    "ALTER TABLE segment ADD CONSTRAINT segment_is_named CHECK (name <> '')",
    "CREATE UNIQUE INDEX customer_tag_once ON customer_tag (person, tag)",
    "ALTER TABLE customer_tag ADD CONSTRAINT customer_tag_is_a_word CHECK (tag <> '' AND tag = lower(tag))",
    """CREATE VIEW segments_people AS SELECT p.id, p.name, p.email, p.language, p.birthday, p.created_at, p.erased_at,
         p.email_confirmed_at IS NOT NULL OR p.password_hash IS NOT NULL AS has_signed_in FROM person p""",
    "CREATE VIEW segments_addresses AS SELECT person, country FROM address WHERE is_default",
    """CREATE VIEW segments_orders AS
       SELECT id, person, total, currency, paid_at, address ->> 'country' AS country FROM orders
       WHERE paid_at IS NOT NULL AND person IS NOT NULL""",
    """CREATE VIEW segments_refunds AS
       SELECT "order" AS order_id, amount, at FROM refund WHERE status <> 'failed'""",
    """CREATE VIEW segments_order_lines AS
       SELECT o.person, o.paid_at, l.product_id FROM order_line l JOIN orders o ON o.id = l."order"
       WHERE o.paid_at IS NOT NULL AND o.person IS NOT NULL""",
    "CREATE VIEW segments_products AS SELECT id, title, kind FROM product",
    "CREATE VIEW segments_collection_products AS SELECT collection, product FROM collection_product",
    """CREATE VIEW segments_memberships AS
       SELECT m.id, m.holder, m.plan, p.slug, m.source, m.source_id, m.starts_at, m.ends_at
       FROM membership m JOIN plan p ON p.id = m.plan""",
    """CREATE VIEW segments_subscriptions AS
       SELECT s.id, s.payer, s.status, s.started_at, s.past_due_since, s.cancel_at, u.from_at AS rests_from,
         u.until_at AS rests_until, r.subscription IS NOT NULL AS was_refused
       FROM subscription s LEFT JOIN refused_trial r ON r.subscription = s.id
       LEFT JOIN pause u ON u.subscription = s.id AND u.ended_at IS NULL AND u.arranged_at IS NOT NULL
         AND u.paid_left IS NOT NULL""",
    """CREATE VIEW segments_seats AS SELECT holder, source_id, taken_at FROM seat
       WHERE holder IS NOT NULL AND ended_at IS NULL""",
    "CREATE VIEW segments_trials AS SELECT person, at FROM trial",
    """CREATE VIEW segments_benefit_uses AS
       SELECT person, benefit, at FROM benefit_use WHERE benefit IS NOT NULL AND reference NOT LIKE 'refund:%'""",
    "CREATE VIEW segments_credit_lots AS SELECT person, remaining, expires_at FROM ledger_lot WHERE remaining > 0",
    """CREATE VIEW segments_reward_uses AS
       SELECT person, benefit, claimed_at AS at FROM gift WHERE claimed_at IS NOT NULL
       UNION ALL SELECT person, benefit, claimed_at FROM partner_code WHERE person IS NOT NULL
       UNION ALL SELECT person, benefit, at FROM perk_use WHERE undone_at IS NULL""",
    "CREATE VIEW segments_members_at_risk AS SELECT person, kind FROM member_at_risk",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
