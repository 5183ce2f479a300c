"""Whether a value is what a JSON schema says: the words of OpenAPI 3.1 that our document uses, and no others.

A keyword that is not known here fails, so that nothing in the document goes unchecked.
"""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
NOTES = {"title", "description", "default", "examples", "deprecated"}


def troubles(value: Any, schema: dict[str, Any], parts: dict[str, Any], at: str = "$") -> list[str]:
    """In words, every place in the value that is not as the schema has it; `parts` are the document's schemas."""
    found: list[str] = []
    for keyword, said in schema.items():
        if keyword in NOTES or keyword in ("required", "additionalProperties", "prefixItems"):
            continue
        check = CHECKS.get(keyword)
        found += [f"{at}: the schema says “{keyword}”"] if check is None else check(value, said, parts, at)
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value]
        found += [f"{at}: {name} is not in the document" for name in value if name not in schema["properties"]]
    elif isinstance(value, dict) and "additionalProperties" in schema:
        for name, part in value.items():
            found += troubles(part, schema["additionalProperties"], parts, f"{at}.{name}")
    return found


def _ref(value: Any, said: str, parts: dict[str, Any], at: str) -> list[str]:
    return troubles(value, parts[said.removeprefix("#/components/schemas/")], parts, at)


def _type(value: Any, said: Any, parts: dict[str, Any], at: str) -> list[str]:
    kinds = tuple(kind for name in ([said] if isinstance(said, str) else said) for kind in TYPES[name])
    is_right = isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
    return [] if is_right else [f"{at}: {value!r} is no {said}"]


def _one_of(value: Any, said: list[dict[str, Any]], parts: dict[str, Any], at: str) -> list[str]:
    ways = [troubles(value, one, parts, at) for one in said]
    return [] if sum(not way for way in ways) == 1 else [f"{at}: {value!r} is not exactly one of {said}: {ways}"]


def _any_of(value: Any, said: list[dict[str, Any]], parts: dict[str, Any], at: str) -> list[str]:
    return [] if any(not troubles(value, one, parts, at) for one in said) else [f"{at}: {value!r} is none of {said}"]


def _properties(value: Any, said: dict[str, Any], parts: dict[str, Any], at: str) -> list[str]:
    own = value if isinstance(value, dict) else {}
    return [
        words for name, one in said.items() if name in own for words in troubles(own[name], one, parts, f"{at}.{name}")
    ]


def _items(value: Any, said: Any, parts: dict[str, Any], at: str) -> list[str]:
    if not isinstance(value, list) or not isinstance(said, dict):
        return []
    return [words for place, one in enumerate(value) for words in troubles(one, said, parts, f"{at}[{place}]")]


def _format(value: Any, said: str, parts: dict[str, Any], at: str) -> list[str]:
    read: Any = {"uuid": UUID, "date-time": datetime.fromisoformat}.get(said)
    if read is None:
        return [f"{at}: the schema says format “{said}”"]
    try:
        read(value)
    except (TypeError, ValueError):
        return [] if value is None else [f"{at}: {value!r} is no {said}"]
    return []


def _is(wrong: bool, words: str) -> list[str]:
    return [words] if wrong else []


CHECKS: dict[str, Any] = {
    "$ref": _ref,
    "type": _type,
    "oneOf": _one_of,
    "anyOf": _any_of,
    "properties": _properties,
    "items": _items,
    "format": _format,
    "enum": lambda value, said, _, at: _is(value not in said, f"{at}: {value!r} is none of {said}"),
    "const": lambda value, said, _, at: _is(value != said, f"{at}: {value!r} is not {said!r}"),
    "minimum": lambda value, said, _, at: _is(value < said, f"{at}: {value!r} is below {said}"),
    "maximum": lambda value, said, _, at: _is(value > said, f"{at}: {value!r} is above {said}"),
    "minLength": lambda value, said, _, at: _is(len(value) < said, f"{at}: {value!r} is shorter than {said}"),
    "maxLength": lambda value, said, _, at: _is(len(value) > said, f"{at}: {value!r} is longer than {said}"),
    "minItems": lambda value, said, _, at: _is(len(value) < said, f"{at}: fewer than {said}"),
    "maxItems": lambda value, said, _, at: _is(len(value) > said, f"{at}: more than {said}"),
    "pattern": lambda value, said, _, at: _is(
        isinstance(value, str) and not re.search(said, value), f"{at}: {value!r} is not like {said}"
    ),
}
