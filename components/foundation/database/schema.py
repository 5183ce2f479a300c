"""The database schema: every component's tables, and the DDL that Piccolo cannot express."""

import importlib
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

from piccolo.table import Table, create_db_tables
from procrastinate.schema import SchemaManager

from components.foundation import database

COMPONENTS = Path(__file__).parent.parent.parent


@cache
def _modules() -> tuple[ModuleType, ...]:
    """A component declares its tables in `tables.py`."""
    # Sub-folders may have such files too. The foundation comes first, a folder before its sub-folders.
    found = [path.relative_to(COMPONENTS).with_suffix("").parts for path in COMPONENTS.glob("*/**/tables*.py")]
    found.sort(key=lambda parts: (parts[0] != "foundation", parts[0], len(parts), parts))
    return tuple(importlib.import_module(".".join(("components", *parts))) for parts in found)


@cache
def tables() -> tuple[type[Table], ...]:
    """Every table, referenced tables first."""
    found = [
        value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Table) and value.__module__ == module.__name__
    ]
    order = TopologicalSorter({table: _referred_to(table) for table in found})
    return tuple(table for table in order.static_order() if table in found)


def _referred_to(table: type[Table]) -> set[type[Table]]:
    keys = table._meta.foreign_key_columns
    return {key._foreign_key_meta.resolved_references for key in keys} - {table}


@cache
def ddl() -> tuple[str, ...]:
    """Statements to run after creating the tables: partial indexes, checks, triggers, sequences."""
    return tuple(statement for module in _modules() for statement in getattr(module, "DDL", ()))


async def create() -> None:
    """The whole schema straight from the tables and their DDL: for tests, and to compare with the migrations."""
    async with database.transaction():
        await database.execute(SchemaManager.get_schema())
        await create_db_tables(*tables())
        for statement in ddl():
            await database.execute(statement)
