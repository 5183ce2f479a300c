"""Each pair once and of two products, and what choices are read from."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000411"
VERSION = "1.38.0"
DESCRIPTION = "Pairs of products are there once, and what choices are read from"

STATEMENTS = (
    "CREATE UNIQUE INDEX product_pair_once ON product_pair (product, other)",
    "CREATE INDEX product_pair_best ON product_pair (product, score DESC, other)",
    """ALTER TABLE product_pair ADD CONSTRAINT product_pair_is_of_two
       CHECK (product <> other AND buyers >= 3 AND together >= buyers AND score > 0)""",
    "ALTER TABLE sold_product ADD CONSTRAINT sold_product_was_sold CHECK (orders > 0)",
    "CREATE UNIQUE INDEX join_words_of_segment ON join_words (segment)",
    "ALTER TABLE join_words ADD CONSTRAINT join_words_say_something CHECK (title <> '')",
    "CREATE VIEW recommendations_people AS SELECT id, email, personal_off_at, erased_at FROM person",
    """CREATE VIEW recommendations_order_lines AS
       SELECT o.id AS order_id, o.person, o.paid_at, l.product_id, l.title,
         nullif(lower(o.email), '') AS email
       FROM order_line l JOIN orders o ON o.id = l."order" WHERE o.paid_at IS NOT NULL AND l.gift IS NULL""",
    """CREATE VIEW recommendations_views AS SELECT v.person, v.at, v.kind, v.subject AS slug, c.asked
       FROM page_view v JOIN visit_consent c ON c.id = v.visitor WHERE v.person IS NOT NULL""",
    "CREATE VIEW recommendations_products AS SELECT id FROM product",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
