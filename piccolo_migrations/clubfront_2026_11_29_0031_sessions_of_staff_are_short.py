"""What Piccolo cannot express of the second factors, and staff who are signed in stay so for twelve hours at most."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T00:36:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Sessions of staff are short"

STATEMENTS = (
    "ALTER TABLE session ADD CONSTRAINT session_awaits_unconfirmed CHECK (NOT awaits_factor OR confirmed_at IS NULL)",
    "ALTER TABLE passkey ADD CONSTRAINT passkey_counts_up CHECK (sign_count >= 0)",
    "CREATE UNIQUE INDEX recovery_code_once ON recovery_code (person, digest)",
    "UPDATE session SET expires_at = LEAST(expires_at, now() + interval '12 hours') "
    "WHERE ended_at IS NULL AND person IN (SELECT person FROM operator)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
