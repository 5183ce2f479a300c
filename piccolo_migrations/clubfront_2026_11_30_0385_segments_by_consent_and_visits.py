"""What the rules of segments read of consents and of visits."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000385"
VERSION = "1.38.0"
DESCRIPTION = "Segments by consent and visits"

STATEMENTS = (
    "CREATE VIEW segments_contacts AS SELECT email, agreed FROM mailing_contact",
    """CREATE VIEW segments_page_views AS SELECT person, at, kind, subject FROM page_view
       WHERE person IS NOT NULL AND subject NOT IN ('(not kept)', '(others)')""",
    "CREATE VIEW segments_visitors AS SELECT DISTINCT person FROM visit_consent WHERE person IS NOT NULL",
    "CREATE OR REPLACE VIEW segments_products AS SELECT id, title, kind, slug FROM product",
    "CREATE VIEW segments_collections AS SELECT id, slug FROM collection",
    "CREATE INDEX page_view_about ON page_view (kind, subject, at) WHERE person IS NOT NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
