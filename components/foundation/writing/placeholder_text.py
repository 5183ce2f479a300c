"""Placeholders in a text that staff write. Pure.

`{shop name}` stands for what the shop knows. `{vat number?}` may be empty: its line is then left out.
"""

import re
from collections.abc import Container, Mapping
from typing import Any

NAME = re.compile(r"\{([a-z][a-z -]{1,30})(\??)\}")
_PLAIN_LINE = re.compile(r"(?:\*\*|[^\s#>|*+-])(?!\d*[.)]\s)")


def names(text: str) -> tuple[str, ...]:
    """The placeholders in it, each once."""
    return tuple(dict.fromkeys(name for name, _ in NAME.findall(text)))


def unknown(text: str, known: Container[str]) -> tuple[str, ...]:
    return tuple(name for name in names(text) if name not in known)


def listed(wrong: tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}}" for name in wrong)


def without_empty_lines(text: str, values: Mapping[str, Any]) -> str:
    """Without the lines that may be left out and have nothing to say."""
    return "\n".join(line for line in text.split("\n") if not _is_left_out(line, values))


def _is_left_out(line: str, values: Mapping[str, Any]) -> bool:
    return any(may_be_empty and not values.get(name) for name, may_be_empty in NAME.findall(line))


def with_breaks(text: str) -> str:
    """A line that ends ends when shown too, as in an address; lists, tables and headings stay as they are."""
    lines = text.split("\n")
    return "\n".join(
        f"{line.rstrip()}  " if _PLAIN_LINE.match(line) and _PLAIN_LINE.match(following) else line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
    )
