"""Checks and an index of places on plans."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000271"
VERSION = "1.38.0"
DESCRIPTION = "Places on plans are checked"

STATEMENTS = (
    """ALTER TABLE plan_place ADD CONSTRAINT plan_place_sense CHECK (kind IN ('joining', 'waiting')
       AND (ended_at IS NULL) = (why_ended = '') AND (offered_at IS NULL OR held_until IS NOT NULL))""",
    "CREATE UNIQUE INDEX plan_place_once ON plan_place (plan, person, kind) WHERE ended_at IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
