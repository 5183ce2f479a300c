"""Shops whose prices are without tax, and that have set fees, read once that these hold their tax from now on."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T10:00:00:000335"
VERSION = "1.38.0"
DESCRIPTION = "Which shops read about fees"

TELL = """INSERT INTO fee_notice (id, at) SELECT gen_random_uuid(), now()
  WHERE 'no' = (SELECT value FROM shop_setting WHERE name = 'prices_include_tax' ORDER BY at DESC, id DESC LIMIT 1)
    AND EXISTS (SELECT FROM plan_version v JOIN plan p ON p.id = v.plan WHERE v.price > 0 AND NOT v.is_once
      AND (v.until_at IS NULL OR EXISTS (SELECT FROM subscription s WHERE s.plan_version = v.id
        AND s.status NOT IN ('cancelled', 'lapsed', 'pending'))))"""
STATEMENTS = (
    "ALTER TABLE fee_notice ADD CONSTRAINT fee_notice_read CHECK ((read_at IS NULL) = (read_by IS NULL))",
    TELL,
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
