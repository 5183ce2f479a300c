"""What is in a database, table by table, as a number of rows and a checksum: equal sums mean equal rows.

The sum does not depend on the order of rows, nor on the server's settings.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

Sums = dict[str, tuple[int, str]]
"""Of each table, by its name."""

_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
_SAME_WORDS = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0; "
    "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL jit = off"
)
_SUM = """
SELECT count(*), coalesce(sum(('x' || left(md5(one::text), 15))::bit(60)::bigint), 0)::text FROM {} one
"""


@contextmanager
def instant(dsn: str) -> Iterator[tuple[str, Sums]]:
    """The name of a snapshot that `pg_dump --snapshot` takes while the block lasts, and the sums as of then."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (name,) = _row(connection, "SELECT pg_export_snapshot()")
        yield str(name), _sums(connection)
        connection.execute("ROLLBACK")


def of(dsn: str) -> Sums:
    with instant(dsn) as (_, sums):
        return sums


def differences(wanted: Sums, found: Sums) -> list[str]:
    """A sentence for each table that is not the same in both."""
    said = []
    for name in sorted(wanted.keys() | found.keys()):
        before, after = wanted.get(name), found.get(name)
        if before is None or after is None:
            said.append(f"The table {name} is {'missing' if after is None else 'not in the original'}.")
        elif before[0] != after[0]:
            said.append(f"The table {name} has {after[0]:,} rows instead of {before[0]:,}.")
        elif before != after:
            said.append(f"The table {name} has as many rows, and they differ from the original.")
    return said


def _sums(connection: psycopg.Connection[Any]) -> Sums:
    connection.execute(_SAME_WORDS)
    names = [name for (name,) in connection.execute(_TABLES).fetchall()]
    return {name: _sum(connection, name) for name in names}


def _sum(connection: psycopg.Connection[Any], name: str) -> tuple[int, str]:
    count, checksum = _row(connection, sql.SQL(_SUM).format(sql.Identifier("public", name)))
    return int(count), str(checksum)


def _row(connection: psycopg.Connection[Any], statement: Any) -> tuple[Any, ...]:
    found = connection.execute(statement).fetchone()
    assert found is not None
    return tuple(found)
