"""One way to the database: what Piccolo can say of one table is not a string, and the rows of strings are typed.

Which statements those are is read from the SQL itself. A string that has more than `PLAIN` in it needs SQL: several
tables, a WITH, ON CONFLICT, FILTER, CASE, jsonb, arrays other than `= ANY($1)` (that is `database.any_of`), a function,
the server's own now(), a calculated column, an order by an expression, rows compared with rows.
"""

import ast
import re
from pathlib import Path

from components.foundation.database import schema
from tests.architecture.test_walls import ROOT, STAND_IN, at, imports, modules, strings, tables_named, tree

DATABASE = ROOT / "components" / "foundation" / "database"
REASONS = {
    "components/content/articles.py": "read at each visit: to build the query takes longer than to run it",
    "components/content/pages/published_pages.py": "read at each visit: to build the query takes longer than to run it",
    "components/foundation/database/migrations.py": "Piccolo's own table, before there may be any of ours",
    "components/insights/rollups/figure_rebuild.py": "each beside the INSERT of a SELECT that fills its table again",
    "components/ledger/double_entry.py": "a batch",
    "components/memberships/entitlements/entitlement_sync.py": "a batch",
    "components/payments/payer_erasure.py": "one list of what is emptied, half of it by what other tables say",
}
"""Why a statement that Piccolo could say is a string there all the same."""
EXECUTING = frozenset(
    {"execute", "execute_many", "fetch", "fetch_as", "fetch_one", "fetch_one_as", "fetch_rows", "fetch_value",
     "fetch_values", "each_as"}
)  # fmt: skip

UNTYPED = {
    "components/catalog/snapshot/snapshot_loading.py": "the columns are the fields of `ProductView`, and it is made",
    "components/foundation/consistency/invariant_walks.py": "each rule has the columns that its words need",
}
"""Where rows are dicts because nobody knows their columns before."""

_NAME = r'"?[a-z_]\w*"?(?:\."?[a-z_]\w*"?)?'
_VALUE = rf"(?:\$\d+(?:::\w+)?|'[^']*'|-?\d+|true|false|null|NULL|TRUE|FALSE|{_NAME})"
_NAMES = rf"{_NAME}(?:,\s*{_NAME})*"
_WANTED = rf"(?:\*|{_NAMES}|(?:count|max|min|sum)\((?:\*|{_NAME})\))?"
_TEST = (
    rf"(?:NOT {_NAME}(?! [=<>])|{_NAME} IS (?:NOT )?NULL|{_NAME} = ANY <[^<>]*>"
    rf"|{_NAME} (?:NOT )?IN <{_VALUE}(?:, ?{_VALUE})*>|{_NAME} (?:=|<>|<=|>=|<|>|LIKE) {_VALUE}"
    rf"(?! ?[-+*/(|]|\w|::)|{_NAME})"
)
_WHERE = rf"(?: WHERE {_TEST}(?: (?:AND|OR) {_TEST})*)?"
_REST = (
    rf"(?: ORDER BY {_NAME}(?: ASC| DESC)?(?:, {_NAME}(?: ASC| DESC)?)*)?(?: LIMIT {_VALUE})?(?: OFFSET {_VALUE})?"
    r"(?: FOR (?:UPDATE|NO KEY UPDATE|SHARE|KEY SHARE))?(?: SKIP LOCKED)?"
)
_TABLE = r'"?[a-z_]\w*"?(?: (?:AS )?(?!WHERE|ORDER|LIMIT|SET|VALUES)[a-z]{1,2})?'
_SET = rf"{_NAME} = {_VALUE}(?: [-+] {_VALUE})?"
_BACK = rf"(?: RETURNING (?:\*|{_NAMES}))?"
PLAIN = re.compile(
    rf"SELECT {_WANTED} ?FROM {_TABLE}{_WHERE}{_REST}"
    rf"|SELECT EXISTS ?\(SELECT (?:1 |{_NAMES} )?FROM {_TABLE}{_WHERE}\)"
    rf"|UPDATE {_TABLE} SET {_SET}(?:, {_SET})*{_WHERE}{_BACK}"
    rf"|DELETE FROM {_TABLE}{_WHERE}{_BACK}"
    rf"|INSERT INTO {_TABLE} ?\({_NAMES}\) VALUES \({_VALUE}(?:, {_VALUE})*\){_BACK}"
)
"""A statement about one table that Piccolo's methods say as clearly, without a single function."""


_LIST = re.compile(r"\b(IN|ANY) ?\(((?!SELECT)[^()]*)\)")
_GROUP = re.compile(r"(WHERE |AND |OR |NOT |\()\(((?!SELECT)[^(),]*(?:<[^<>]*>[^(),]*)*)\)")


def is_plain(sql: str) -> bool:
    """Brackets that only group conditions are taken away first; those of a row, a function and a SELECT are not."""
    text = _LIST.sub(r"\1 <\2>", " ".join(sql.split()))
    while (opened := _GROUP.sub(r"\1\2", text)) != text:
        text = opened
    return PLAIN.fullmatch(text) is not None


def plain_statements() -> list[tuple[str, str, str]]:
    """(file, place, statement) of each about a table of ours. Pieces that others are put together from are none."""
    known = {table._meta.tablename for table in schema.tables()} | {"migration"}
    found = []
    for path in modules():
        if STAND_IN in path.parents or path.stem == "tables" or "invariants" in path.stem:
            continue
        for node, text in _statements(path):
            if is_plain(text) and set(tables_named(text)) <= known:
                found.append((str(path.relative_to(ROOT)), at(path, node), " ".join(text.split())))
    return found


def _statements(path: Path) -> list[tuple[ast.AST, str]]:
    """Every string but docstrings, those of constants filled in, and but those that only become part of another."""
    module = tree(path)
    constants = {
        target.id: node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    pieces = {id(part) for node in ast.walk(module) for part in _pieces(node, constants)}
    return [(node, _filled(node, constants)) for node, _ in strings(path) if id(node) not in pieces]


def _pieces(node: ast.AST, constants: dict[str, ast.expr]) -> list[ast.AST]:
    """What goes into an f-string, or is given to a function that sends nothing itself."""
    if isinstance(node, ast.FormattedValue):
        given: list[ast.expr] = [node.value]
    elif isinstance(node, ast.Call) and not _sends(node.func):
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
    else:
        return []
    return [constants.get(one.id, one) if isinstance(one, ast.Name) else one for one in given]


def _sends(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in EXECUTING


def _filled(node: ast.AST, constants: dict[str, ast.expr], depth: int = 3) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_filled(part, constants, depth) for part in node.values)
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name) and depth:
        return _filled(constants.get(node.value.id, node.value), constants, depth - 1)
    return "?"


def test_what_piccolo_can_say_of_one_table_is_not_a_string() -> None:
    found = [f"{where}: {sql}" for file, where, sql in plain_statements() if file not in REASONS]
    assert not found, "\n".join(["", *found])


def test_each_reason_is_still_needed() -> None:
    files = {file for file, _, _ in plain_statements()}
    assert not REASONS.keys() - files
    assert not UNTYPED.keys() - {file for file, _ in _untyped()}


def _untyped() -> list[tuple[str, str]]:
    """(file, place) of each call that gives rows as dicts."""
    return [
        (str(path.relative_to(ROOT)), at(path, node))
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("database.fetch", "database.fetch_one")
    ]


def test_rows_of_a_statement_are_typed_at_once() -> None:
    found = [where for file, where in _untyped() if file not in UNTYPED]
    found += [
        f"{at(path, node)} imports {name}"
        for path in modules()
        for node, module, name in imports(path)
        if module.startswith("components.foundation.database") and name in ("fetch", "fetch_one")
        if DATABASE not in path.parents
    ]
    assert not found, "\n".join(["", *found])


def test_what_is_not_over_yet_is_asked_in_one_way() -> None:
    """By `holds`, which says what begins and ends at an instant too."""
    by_hand = re.compile(r"([a-z_.]+) IS NULL OR \1 > (?:\$\d+|now\(\)|\{now\})(?:::\w+)?(?![\w:]| ?[-+])")
    found = [at(path, node) for path in modules() for node, text in strings(path) if by_hand.search(text)]
    found = [place for place in found if not place.startswith("components/foundation/tables.py")]
    assert not found, "\n".join(["", *found])


def test_months_are_counted_in_one_place() -> None:
    """`foundation/intervals.py` knows months that are too short, the 31st that comes back, the shop's own clock."""
    found = [
        at(path, node)
        for path in modules()
        for node, module, _ in imports(path)
        if module.startswith("dateutil") and path.stem != "intervals" and STAND_IN not in path.parents
    ]
    assert not found, "\n".join(["", *found])
