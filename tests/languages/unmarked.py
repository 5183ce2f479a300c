"""Words of templates that no catalogue can hold, because they are not marked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from web import templating

TEMPLATES = Path(__file__).parents[2] / "templates"
SAID = frozenset({"alt", "title", "aria-label", "placeholder", "aria-description", "data-announce", "label"})
CALLS = frozenset({"_", "n_", "p_", "np_", "gettext", "ngettext", "pgettext"})
LOOKS = frozenset({"quiet", "small", "club", "wide", "plain", "large", "danger", "full"})
"""How a button looks."""
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = re.compile(r"[A-Z][a-z]+\b|[A-Za-z]{2,}[,.]? [A-Za-z]{2,}")
_VALUE = "\N{OBJECT REPLACEMENT CHARACTER}"


class _Texts(HTMLParser):
    """What somebody reads: between tags, and in attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def words(name: str) -> Iterator[str]:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    html, is_marked, expression = "", False, []
    for _line, kind, value in templating.environment().lex(source):
        if kind == "data" and not is_marked:
            html += value
        elif kind in {"variable_begin", "block_begin"}:
            expression = []
        elif kind in {"variable_end", "block_end"}:
            first = next((text for what, text in expression if what == "name"), "")
            if kind == "block_end" and first in {"trans", "endtrans"}:
                is_marked = first == "trans"
            if kind == "variable_end" and not is_marked:
                html += "x" if html.endswith(("<", "</")) else _VALUE
            yield from _strings(expression)
        elif kind != "whitespace":
            expression.append((kind, value))
    reader = _Texts()
    reader.feed(html)
    for text in reader.found:
        if _LETTERS.search(text):
            yield " ".join(text.replace(_VALUE, "…").split())


def _strings(expression: list[tuple[str, str]]) -> Iterator[str]:
    """String literals that read like words, outside the calls that translate them."""
    depth, marked = 0, []
    for place, (kind, value) in enumerate(expression):
        if value == "(":
            depth += 1
            if place and expression[place - 1][1] in CALLS:
                marked.append(depth)
        elif value == ")":
            marked = [one for one in marked if one < depth]
            depth -= 1
        elif kind == "string" and not marked and "/" not in value:
            words = value[1:-1]
            if _SENTENCE.search(words) and not set(words.split()) <= LOOKS:
                yield value
