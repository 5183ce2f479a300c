"""Sentences in Python that a customer reads and no catalogue can hold, because they are not marked."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.languages.unmarked import CALLS

MARKED = CALLS | {"N_"}
NOT_SAID = frozenset(
    {"debug", "info", "warning", "error", "exception", "note", "RuntimeError", "ValueError", "TypeError"}
)
_SENTENCE = re.compile(r"^[“\"]?[A-Z][a-z’']+[ ,.?!:].*[a-z]|[a-z’]{2,} [a-z’]{2,}.*[.?!]$", re.DOTALL)

_SQL = re.compile(r"\b(SELECT|FROM|WHERE|INSERT|UPDATE)\b")


def in_module(path: Path, *, only_refusals: bool) -> Iterator[tuple[int, str]]:
    yield from _below(ast.parse(path.read_text(encoding="utf-8")), only_refusals)


def _below(node: ast.AST, only_refusals: bool) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call) and _name(node.func) in MARKED | NOT_SAID:
        return
    if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom):
        return
    if only_refusals:
        is_said = isinstance(node, ast.Raise) or (isinstance(node, ast.Assign) and _targets(node) == ["message"])
        if is_said:
            yield from _sentences(node)
            return
    else:
        yield from _own(node)
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from _below(child, only_refusals)


def _sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call) and _name(node.func) in MARKED | NOT_SAID:
        return
    yield from _own(node)
    for child in ast.iter_child_nodes(node):
        yield from _sentences(child)


def _own(node: ast.AST) -> Iterator[tuple[int, str]]:
    said = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    if _SENTENCE.search(said) and not _SQL.search(said):
        yield getattr(node, "lineno", 0), said


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _targets(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]
