"""Walls between components, for those that are to come as well: rows, private names and libraries stay with their own.

Statements are strings, so this reads the SQL of every string in every module of `components` and `web`. A view belongs
to the component that declares it; it is there for the one component that its name begins with (`insights_orders`).
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from components.foundation.database import schema
from tests.architecture.parsing import parsed

ROOT = Path(__file__).parents[2]
COMPONENTS = sorted(path.parent.name for path in (ROOT / "components").glob("*/__init__.py"))
STAND_IN = ROOT / "web" / "standin"
UNKNOWN = "?"

_NAME = rf'(?:ONLY\s+|LATERAL\s+)?"?(?P<name>[a-z_]\w*|[{{{UNKNOWN}])"?'
_STATEMENT = re.compile(rf"\b(?P<verb>(?<!DISTINCT )FROM|JOIN|INTO|UPDATE|USING|TABLE|TRUNCATE|REFERENCES)\s+{_NAME}")
_NEXT_IN_LIST = re.compile(rf'"?\s*(?:(?:AS\s+)?[a-z_]\w*\s*)?,\s*{_NAME}')
_INDEXED = re.compile(r"\b(?:INDEX|TRIGGER)\b[^()]*?\sON\s+(?P<name>[a-z_]\w*)")
_WITHIN = re.compile(r"\b([a-z_]\w*)(?:\s*\([\w\s,]*\))?\s+AS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(")
_VIEW = re.compile(r"\bCREATE (?:OR REPLACE )?VIEW (\w+)")
_SMALL = re.compile(r"\b(?:select\s[^;]*?\sfrom|insert\s+into|delete\s+from|update\s+\w+\s+set)\s")


@cache
def owners() -> dict[str, str]:
    """Which component each table and each view belongs to."""
    found = {table._meta.tablename: table.__module__.split(".")[1] for table in schema.tables()}
    for path in modules():
        if path.name == "tables.py":
            for _, text in strings(path):
                found |= dict.fromkeys(_VIEW.findall(text), place(path))
    return found


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted([*(ROOT / "components").rglob("*.py"), *(ROOT / "web").rglob("*.py")]))


def tree(path: Path) -> ast.Module:
    return parsed(path.read_text())


def place(path: Path) -> str:
    """The component that a module is of, or `web`, or what stands above all components."""
    parts = path.relative_to(ROOT).parts
    return "web" if parts[0] == "web" else parts[1].removesuffix(".py")


def at(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def strings(path: Path) -> list[tuple[ast.AST, str]]:
    """Every string but docstrings; what a string is put together from at run time stands as a question mark."""
    found: list[tuple[ast.AST, str]] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.JoinedStr):
            found.append((node, "".join(_part(part) for part in node.values)))
            children: list[ast.AST] = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        else:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append((node, node.value))
            children = list(ast.iter_child_nodes(node))
        for child in children:
            if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
                visit(child)

    visit(tree(path))
    return found


def _part(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else UNKNOWN


def tables_named(sql: str) -> Iterator[str]:
    """What a statement, or a piece of one, reads or writes, without what it names itself in WITH."""
    own = set(_WITHIN.findall(sql))
    for found in _STATEMENT.finditer(sql):
        yield from _except(own, found["name"])
        position = found.end()
        while found["verb"] in ("FROM", "USING") and (following := _NEXT_IN_LIST.match(sql, position)):
            yield from _except(own, following["name"])
            position = following.end()
    for found in _INDEXED.finditer(sql):
        yield found["name"]


def _except(own: set[str], name: str) -> Iterator[str]:
    if name not in own:
        yield name


def may_name(component: str, table: str) -> bool:
    owner = owners().get(table) or ("foundation" if table.startswith("procrastinate_") else component)
    return owner == component or (table not in _tables() and table.startswith(f"{component}_"))


@cache
def _tables() -> frozenset[str]:
    return frozenset(table._meta.tablename for table in schema.tables())


def crossings() -> list[str]:
    found = []
    for path in modules():
        if STAND_IN in path.parents:
            continue
        here = place(path)
        for node, text in strings(path):
            for name in tables_named(text):
                if name in (UNKNOWN, "{") and path.name != "tables.py":
                    found.append(f"{at(path, node)} names a table that only shows at run time")
                elif not may_name(here, name):
                    found.append(f"{at(path, node)} names {name} of {owners().get(name, 'foundation')}")
            if _SMALL.search(text):
                found.append(f"{at(path, node)} has SQL in small letters, which nobody finds")
    return found


def test_a_table_is_named_by_its_own_component_only() -> None:
    found = crossings()
    assert not found, "\n".join(["", *found])


def imports(path: Path) -> Iterator[tuple[ast.AST, str, str]]:
    """(where, module, name) of each import; an `import x.y` has no name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node, node.module, alias.name) for alias in node.names)


def test_tables_and_private_names_are_imported_by_their_own_component_only() -> None:
    """A row that its owner hands out may be named as a type by whoever is given it, and in no other way."""
    found = []
    for path in modules():
        for node, module, name in imports(path):
            parts = [*module.split("."), name] if name else module.split(".")
            if parts[0] != "components" or len(parts) < 2 or parts[1] == place(path):
                continue
            if "tables" in parts[2:] and (not name or name == "tables" or name in used_beyond_types(path)):
                found.append(f"{at(path, node)} imports the tables of {parts[1]}")
            found += [f"{at(path, node)} imports {module}.{name}" for part in parts[1:] if re.match("_.", part)]
    assert not found, "\n".join(["", *found])


@cache
def used_beyond_types(path: Path) -> frozenset[str]:
    """Names that a module does something with; a name in an annotation only says what somebody else made."""
    types = {id(part) for node in ast.walk(tree(path)) for each in _annotations(node) for part in ast.walk(each)}
    return frozenset(node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name) and id(node) not in types)


def _annotations(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.returns] if node.returns else []
    if isinstance(node, ast.arg | ast.AnnAssign):
        return [node.annotation] if node.annotation else []
    return []


def test_what_is_private_is_not_reached_into() -> None:
    found = []
    for path in modules():
        foreign = {
            name
            for _, module, name in imports(path)
            if module.split(".")[0] == "components" and [*module.split("."), name][1] != place(path)
        }
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                continue
            if node.value.id in foreign and re.match("_(?!_)", node.attr):
                found.append(f"{at(path, node)} uses {node.value.id}.{node.attr}")
    assert not found, "\n".join(["", *found])


def test_libraries_stay_where_they_belong() -> None:
    """Only payments speaks Stripe, and the stand-in as Stripe's own client would; no page speaks to the database."""
    found = []
    for path in modules():
        for node, module, _ in imports(path):
            library = module.split(".")[0]
            if library == "stripe" and place(path) != "payments" and path != STAND_IN / "http" / "client.py":
                found.append(f"{at(path, node)} imports stripe")
            if library == "piccolo" and place(path) == "web":
                found.append(f"{at(path, node)} imports {library}")
    assert not found, "\n".join(["", *found])


def test_a_component_is_entered_by_its_modules() -> None:
    """Its `__init__` says what it owns and what it leaves to others, and offers no names."""
    found = []
    for component in COMPONENTS:
        path = ROOT / "components" / component / "__init__.py"
        found += [f"{at(path, node)} is more than its docstring" for node in tree(path).body[1:]]
        if len((ast.get_docstring(tree(path)) or "").split()) < 8:
            found.append(f"{path.relative_to(ROOT)} does not say what it owns and what it leaves to others")
    assert not found, "\n".join(["", *found])


def test_the_reader_of_statements_finds_what_it_should() -> None:
    sql = """WITH recent AS (SELECT id FROM orders), gone(id) AS (DELETE FROM "plan" RETURNING id)
    SELECT extract(epoch FROM at) FROM recent r, membership m, LATERAL (SELECT FROM seat) s
    JOIN ONLY benefit b ON b.id IS DISTINCT FROM person LEFT JOIN gone USING (id) WHERE EXISTS (SELECT FROM trial)
    FOR UPDATE OF m"""
    assert set(tables_named(sql)) >= {"orders", "plan", "membership", "seat", "benefit", "trial"}
    assert not set(tables_named(sql)) & {"recent", "gone", "person"}
    assert set(tables_named("UPDATE email SET sent_at = $1 WHERE id = $2")) == {"email"}
    assert "email" in set(tables_named("INSERT INTO email (id) VALUES ($1) ON CONFLICT DO UPDATE SET id = 1"))
    assert set(tables_named("TRUNCATE article")) == {"article"}
    assert set(tables_named("CREATE UNIQUE INDEX once ON article (slug)")) == {"article"}
    assert set(tables_named(f"SELECT * FROM {UNKNOWN} WHERE true")) == {UNKNOWN}
