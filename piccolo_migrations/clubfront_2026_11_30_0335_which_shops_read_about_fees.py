"""Shops whose prices are without tax, and that have set fees, read once that these hold their tax from now on.

Fees that were set since these have their tax on top are none of them: since the upgrade that brought `CAME_WITH`.
"""

from datetime import UTC, datetime

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.engine import engine_finder

ID = "2026-11-30T10:00:00:000335"
VERSION = "1.38.0"
DESCRIPTION = "Which shops read about fees"

CAME_WITH = "2026-11-30T02:00:00:000311"
TELL = """INSERT INTO fee_notice (id, at) SELECT gen_random_uuid(), {0}
  WHERE 'no' = (SELECT value FROM shop_setting WHERE name = 'prices_include_tax' ORDER BY at DESC, id DESC LIMIT 1)
    AND EXISTS (SELECT FROM plan_version v JOIN plan p ON p.id = v.plan WHERE v.price > 0 AND NOT v.is_once
      AND v.from_at <= {0}
      AND (v.until_at IS NULL OR EXISTS (SELECT FROM subscription s WHERE s.plan_version = v.id
        AND s.status NOT IN ('cancelled', 'lapsed', 'pending'))))"""
CHECKED = "ALTER TABLE fee_notice ADD CONSTRAINT fee_notice_read CHECK ((read_at IS NULL) = (read_by IS NULL))"


async def tell() -> None:
    """`at` is when that upgrade was. It is noted in the time zone of the machine."""
    noted = await Migration.select(Migration.ran_on).where(Migration.name == CAME_WITH).first()
    since: datetime | None = noted["ran_on"] if noted else None
    at = f"timestamptz '{since.astimezone(UTC).isoformat()}'" if since else "now()"
    await engine_finder().run_ddl(TELL.format(at))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(CHECKED)
        await tell()

    manager.add_raw(run)
    return manager
