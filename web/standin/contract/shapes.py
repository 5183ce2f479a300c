"""A type annotation of the SDK, reduced to JSON.

A shape is a word (`str int bool float decimal any`) or a one-key dict: `literal` (its values), `list`, `map`, `page`
(Stripe's list object), `union` (shapes) or `record` (the class, as `module:Qualified.Name`).
A field is `[required, nullable, shape]`.
"""

import ast
from collections.abc import Callable
from typing import Any

Shape = Any
Field = tuple[bool, bool, Shape]
Resolver = Callable[[str], Shape]

WORDS = {
    "str": "str",
    "int": "int",
    "bool": "bool",
    "float": "float",
    "Decimal": "decimal",
    "Any": "any",
    "object": "any",
}
WRAPPERS = {"List": "list", "Sequence": "list", "Dict": "map", "Mapping": "map", "UntypedStripeObject": "map"}
PAGES = {"ListObject", "SearchResultObject"}


def field(annotation: ast.expr, resolve: Resolver) -> Field:
    optional, inner = _unwrapped(annotation)
    parts = [part for part in _members(inner, resolve) if part != "null"]
    nullable = optional == "Optional" or len(parts) < len(_members(inner, resolve))
    return (optional is None, nullable, parts[0] if len(parts) == 1 else {"union": _closed(parts)})


def _unwrapped(annotation: ast.expr) -> tuple[str | None, ast.expr]:
    annotation = _unquoted(annotation)
    if isinstance(annotation, ast.Subscript):
        name = ast.unparse(annotation.value)
        if name in ("Optional", "NotRequired"):
            return name, _unquoted(annotation.slice)
        if name == "Required":
            return None, _unquoted(annotation.slice)
    return None, annotation


def _unquoted(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return ast.parse(node.value, mode="eval").body
    return node


def _members(node: ast.expr, resolve: Resolver) -> list[Shape]:
    node = _unquoted(node)
    if isinstance(node, ast.BinOp):
        return _members(node.left, resolve) + _members(node.right, resolve)
    if isinstance(node, ast.Constant) and node.value is None:
        return ["null"]
    if isinstance(node, ast.Subscript):
        return _subscript(node, resolve)
    name = ast.unparse(node)
    return [WORDS.get(name.rpartition(".")[2]) or resolve(name)]


def _subscript(node: ast.Subscript, resolve: Resolver) -> list[Shape]:
    name = ast.unparse(node.value)
    arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Union":
        return [part for argument in arguments for part in _members(argument, resolve)]
    if name == "Optional":
        return [*_members(arguments[0], resolve), "null"]
    if name == "ExpandableField":
        return ["str", *_members(arguments[0], resolve)]
    if name == "Literal":
        return [{"literal": [ast.literal_eval(argument) for argument in arguments]}]
    if name in PAGES:
        return [{"page": _one(arguments[0], resolve)}]
    if name in WRAPPERS:
        return [{WRAPPERS[name]: _one(arguments[-1], resolve)}]
    return ["any"]


def _one(node: ast.expr, resolve: Resolver) -> Shape:
    parts = _members(node, resolve)
    return parts[0] if len(parts) == 1 else {"union": _closed(parts)}


def _closed(parts: list[Shape]) -> list[Shape]:
    """The SDK writes `Literal[...] | str` for a list that Stripe may lengthen later; today's list is the contract."""
    words = [value for part in parts if isinstance(part, dict) for value in part.get("literal", ())]
    if any(word != "" for word in words) and not any("record" in part for part in parts if isinstance(part, dict)):
        return [part for part in parts if part != "str"]
    return parts
