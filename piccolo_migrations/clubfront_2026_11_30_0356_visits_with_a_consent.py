"""What may be counted, once a day, and no visit without a consent."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000356"
VERSION = "1.38.0"
DESCRIPTION = "Visits with a consent only, counts once a day"

KINDS = "('product', 'collection', 'article', 'search', 'join', 'added', 'basket', 'checkout', 'paid')"

STATEMENTS = (
    f"ALTER TABLE page_view ADD CONSTRAINT page_view_kind CHECK (kind IN {KINDS})",
    f"""ALTER TABLE view_count ADD CONSTRAINT view_count_kind
       CHECK (kind IN {KINDS} AND times > 0 AND empty_times BETWEEN 0 AND times
         AND (kind = 'search' OR empty_times = 0))""",
    """ALTER TABLE page_view ADD CONSTRAINT page_view_consented
       FOREIGN KEY (visitor) REFERENCES visit_consent (id) ON DELETE CASCADE""",
    "CREATE INDEX page_view_at ON page_view USING brin (at)",
    "CREATE INDEX page_view_counted ON page_view (day, kind, subject, is_member)",
    "CREATE INDEX page_view_visitor ON page_view (visitor, at)",
    "CREATE INDEX page_view_person ON page_view (person, at) WHERE person IS NOT NULL",
    "CREATE UNIQUE INDEX view_count_once ON view_count (day, kind, subject, is_member)",
    "CREATE VIEW insights_view_counts AS SELECT id, day, kind, subject, is_member, times, empty_times FROM view_count",
    "CREATE VIEW insights_page_views AS SELECT id, at, day, visitor, person, kind, subject, is_member FROM page_view",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
