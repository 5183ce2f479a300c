"""Whether the migrations build the same schema as the tables: run as a program by `make check`, and as a test."""

import asyncio
import sys
import tempfile
from pathlib import Path

import asyncpg

from components.foundation import database
from components.foundation.database import embedded, migrations, schema

COLUMNS = """
SELECT table_name || '.' || column_name AS name,
       concat_ws(' ', data_type, udt_name, character_maximum_length, is_nullable, column_default) AS what
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name NOT LIKE 'procrastinate%' AND table_name <> 'migration'
"""
INDEXES = """
SELECT indexname AS name, indexdef AS what FROM pg_indexes
WHERE schemaname = 'public' AND tablename NOT LIKE 'procrastinate%' AND tablename <> 'migration'
"""
CONSTRAINTS = """
SELECT conrelid::regclass || '.' || conname AS name, pg_get_constraintdef(oid) AS what FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
  AND conrelid::regclass::text NOT LIKE 'procrastinate%' AND conrelid::regclass::text <> 'migration'
"""
TRIGGERS = """
SELECT tgrelid::regclass || '.' || tgname AS name, pg_get_triggerdef(oid) AS what FROM pg_trigger
WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE 'procrastinate%'
"""
FUNCTIONS = """
SELECT proname AS name, md5(prosrc) AS what FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'procrastinate%'
"""
VIEWS = """
SELECT viewname AS name, definition AS what FROM pg_views WHERE schemaname = 'public'
"""
SEQUENCES = """
SELECT sequencename::text AS name, start_value::text AS what FROM pg_sequences
WHERE sequencename NOT LIKE 'procrastinate%' AND sequencename <> 'migration_id_seq'
"""
KINDS = {"column": COLUMNS, "index": INDEXES, "constraint": CONSTRAINTS, "trigger": TRIGGERS,
         "function": FUNCTIONS, "view": VIEWS, "sequence": SEQUENCES}  # fmt: skip


async def shape(dsn: str, build: str) -> dict[str, str]:
    await database.connect(dsn, pool_size=2)
    try:
        await (migrations.apply() if build == "migrations" else schema.create())
        found = {}
        for kind, sql in KINDS.items():
            for row in await database.fetch(sql):
                found[f"{kind} {row['name']}"] = row["what"]
        return found
    finally:
        await database.disconnect()


async def differences(address: str) -> list[str]:
    """What differs, in words; an empty list when they agree."""
    shapes = {}
    for build in ("migrations", "tables"):
        connection = await asyncpg.connect(address)
        await connection.execute(f"DROP DATABASE IF EXISTS agree_{build}")
        await connection.execute(f"CREATE DATABASE agree_{build}")
        await connection.close()
        shapes[build] = await shape(address.replace("/postgres?", f"/agree_{build}?"), build)
    of_migrations, of_tables = shapes["migrations"], shapes["tables"]
    missing = [f"only in tables: {name}: {of_tables[name]}" for name in sorted(of_tables.keys() - of_migrations.keys())]
    extra = [f"only in migrations: {name}" for name in sorted(of_migrations.keys() - of_tables.keys())]
    both = of_tables.keys() & of_migrations.keys()
    changed = [
        f"differs: {name}: tables {of_tables[name]} | migrations {of_migrations[name]}"
        for name in sorted(both)
        if of_tables[name] != of_migrations[name]
    ]
    return missing + extra + changed


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = asyncio.run(differences(embedded.start(Path(folder))))
        finally:
            embedded.stop(Path(folder))
    print("\n".join(found) or "Tables and migrations agree.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
