"""Which code of the shop may reach which, read from its text: by the names that each definition mentions.

A name that is mentioned counts as used, so what is handed on (a callback, a kind of request) is followed, too. What
comes back through a fact or a registry is not: that is a job's, and no longer the act of who waits.
"""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
Name = tuple[str, str]
"""A module, and what is defined in it; a method is `Class.method`."""


class _Module:
    def __init__(self, tree: ast.Module) -> None:
        self.defined: dict[str, list[ast.AST]] = defaultdict(list)
        self.imported: dict[str, Name] = {}
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.defined[node.name].append(node)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        self.defined[target.id].append(node)
            elif isinstance(node, ast.ImportFrom) and node.module:
                self.imported |= {one.asname or one.name: (node.module, one.name) for one in node.names}
        for kind in [node for node in tree.body if isinstance(node, ast.ClassDef)]:
            for method in kind.body:
                if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.defined[f"{kind.name}.{method.name}"].append(method)


@cache
def _modules() -> dict[str, _Module]:
    found = {}
    for top in ("components", "web"):
        for path in (ROOT / top).rglob("*.py"):
            if not path.is_relative_to(ROOT / "web" / "standin"):
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[name.removesuffix(".__init__")] = _Module(ast.parse(path.read_text(encoding="utf-8")))
    return found


def _resolved(module: str, name: str) -> Name | str | None:
    """What a name means in a module: a definition, or a module by its name."""
    known = _modules()[module]
    if name in known.defined:
        return module, name
    source, original = known.imported.get(name, ("", ""))
    if f"{source}.{original}" in _modules():
        return f"{source}.{original}"
    return _resolved(source, original) if source in _modules() else None


def _mentioned(module: str, name: str) -> set[Name]:
    own = name.partition(".")[0]
    found: set[Name | str | None] = set()
    for definition in _modules()[module].defined[name]:
        for node in ast.walk(definition):
            if isinstance(node, ast.Name):
                found.add(_resolved(module, node.id))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                of = (module, own) if node.value.id in ("self", "cls") else _resolved(module, node.value.id)
                if isinstance(of, str):
                    found.add(_resolved(of, node.attr))
                elif of and f"{of[1]}.{node.attr}" in _modules()[of[0]].defined:
                    found.add((of[0], f"{of[1]}.{node.attr}"))
    return {one for one in found if isinstance(one, tuple)}


@cache
def _users() -> dict[Name, set[Name]]:
    users: dict[Name, set[Name]] = defaultdict(set)
    for module, known in _modules().items():
        for name in [*known.defined]:
            for mentioned in _mentioned(module, name):
                users[mentioned].add((module, name))
    return users


def reaching(*goals: Name) -> set[Name]:
    """Everything from which one of these may be reached."""
    found, open_ends = set(goals), [*goals]
    while open_ends:
        for user in _users()[open_ends.pop()] - found:
            found.add(user)
            open_ends.append(user)
    return found
