"""Indexes and checks of what is fetched. Pictures named by imports so far wait until somebody asks for them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T16:00:00:000188"
VERSION = "1.38.0"
DESCRIPTION = "Pictures so far may be fetched"

STATEMENTS = (
    "DROP INDEX picture_by_path",
    "CREATE INDEX picture_by_path ON picture USING hash (path)",
    "CREATE INDEX picture_brought_by ON picture (brought_by) WHERE brought_by IS NOT NULL",
    "CREATE INDEX picture_fetch_waiting ON picture_fetch (next_at) WHERE state = 'waiting'",
    "CREATE INDEX picture_fetch_by_path ON picture_fetch USING hash (path)",
    """ALTER TABLE picture_fetch ADD CONSTRAINT picture_fetch_state CHECK (
       state IN ('waiting', 'fetched', 'refused', 'given_up', 'stopped') AND tries >= 0
       AND (state = 'fetched') = (path <> '' AND width > 0 AND height > 0))""",
    """CREATE VIEW insights_picture_fetches AS SELECT f.id, f.state, f.wanted_at FROM picture_fetch f
       WHERE EXISTS (SELECT FROM picture p WHERE p.source = f.id)""",
    """INSERT INTO picture_fetch (id, key, address, host, state, why, tries, wanted_at, next_at, path, width, height)
       SELECT gen_random_uuid(), encode(sha256(convert_to(path, 'UTF8')), 'hex'), path,
         left(lower(substring(path FROM '://([^/?#]*)')), 255), 'stopped', '', 0, now(), now(), '', 0, 0
       FROM (SELECT DISTINCT path FROM picture WHERE position('://' IN path) > 0) named""",
    """UPDATE picture p SET source = f.id FROM picture_fetch f
       WHERE f.key = encode(sha256(convert_to(p.path, 'UTF8')), 'hex') AND position('://' IN p.path) > 0""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
