"""The history of migrations: Piccolo's own comparison, which `make migration` uses, agrees with the tables."""

import ast
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.columns import Column, Varchar
from piccolo.constraints import Constraint
from piccolo.table import Table, create_table_class

from components.foundation.database import migrations, schema
from piccolo_app import APP_CONFIG

Members = dict[str, Column | Constraint]


def _words_of(table: type[Table]) -> list[str]:
    return [column._meta.name for column in table._meta.columns if isinstance(column, Varchar)]


TABLE = next(table for table in schema.tables() if table._meta.constraints and _words_of(table))
CONSTRAINED = next(iter(TABLE._meta.constraints))._meta.name
PLAIN = _words_of(TABLE)[0]


async def found_by_piccolo(tables: list[type[Table]]) -> list[str]:
    """What `make migration` would write when these were the tables."""
    config = replace(APP_CONFIG, table_classes=tables)
    statements = await AutoMigrationManager(auto_input="n").get_alter_statements(app_config=config)
    return [statement for part in statements for statement in part.statements]


@pytest.fixture(autouse=True)
def own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Piccolo puts the folder of migrations before everything else that can be imported."""
    monkeypatch.setattr(sys, "path", list(sys.path))


async def test_piccolo_finds_nothing_different() -> None:
    assert sum(len(table._meta.columns) for table in schema.tables()) > 700
    assert await found_by_piccolo(list(schema.tables())) == []


def _added(members: Members) -> None:
    members["added"] = Varchar(length=7)


def _dropped(members: Members) -> None:
    del members[CONSTRAINED], members[PLAIN]


def _altered(members: Members) -> None:
    members[PLAIN] = Varchar(length=7, null=True)


def _freed(members: Members) -> None:
    del members[CONSTRAINED]


@pytest.mark.parametrize(
    ("change", "written", "name"),
    [
        (_added, "manager.add_column(", "added"),
        (_dropped, "manager.drop_column(", PLAIN),
        (_altered, "manager.alter_column(", PLAIN),
        (_freed, "manager.drop_constraint(", CONSTRAINED),
    ],
    ids=["column added", "column dropped", "column altered", "constraint dropped"],
)
async def test_piccolo_finds_what_is_changed(change: Callable[[Members], None], written: str, name: str) -> None:
    members: Members = {column._meta.name: column.copy() for column in TABLE._meta.columns}
    members |= {constraint._meta.name: constraint for constraint in TABLE._meta.constraints}
    change(members)
    own = {"tablename": TABLE._meta.tablename}
    changed = create_table_class(TABLE.__name__, class_kwargs=own, class_members=members)
    found = await found_by_piccolo([changed if table is TABLE else table for table in schema.tables()])
    assert any(statement.startswith(written) and f"'{name}'" in statement.replace('"', "'") for statement in found)


def test_migrations_follow_nothing_that_may_change() -> None:
    """A migration that imports the shop's code would do something else once that code has changed."""
    paths = [path for path in migrations.FOLDER.glob("*.py") if path.stem != "__init__"]
    assert len(paths) >= 2
    nodes = [(path.name, node) for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    imported = {(name, node.module or "") for name, node in nodes if isinstance(node, ast.ImportFrom)}
    imported |= {(name, part.name) for name, node in nodes if isinstance(node, ast.Import) for part in node.names}
    assert not [found for found in imported if found[1].split(".")[0] in {"", "components", "web", "tests"}]
