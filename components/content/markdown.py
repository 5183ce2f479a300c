"""Markdown to HTML that is safe to show, whoever wrote it."""

import asyncio
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["table", "strikethrough", "smartquotes", "replacements"]
)
_TAGS = frozenset(
    {
        "a",
        "blockquote",
        "br",
        "code",
        "em",
        "figure",
        "figcaption",
        "h2",
        "h3",
        "h4",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
    }
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title", "width", "height"}, "ol": {"start"}}


_PLAIN = MarkdownIt("zero")
SHORT = 4_000
MOST_OF = {"[": 1_000, "|": 4_000, "'": 4_000, '"': 4_000, "<": 4_000}
"""No text needs more of these, and each costs more the more there are: such a text keeps its paragraphs only."""


def html(text: str) -> str:
    """Only harmless tags and addresses remain; the page's own h1 stays the only one."""
    return _short(text) if len(text) <= SHORT else _long(text)


async def prepared(text: str) -> str:
    """The same for a text of any length: a long one is rendered beside the pages, which takes up to a second."""
    return html(text) if len(text) <= SHORT else await asyncio.to_thread(html, text)


@lru_cache(maxsize=500)
def _short(text: str) -> str:
    return _rendered(text)


@lru_cache(maxsize=64)
def _long(text: str) -> str:
    return _rendered(text)


def _rendered(text: str) -> str:
    is_heavy = any(text.count(sign) > most for sign, most in MOST_OF.items())
    made = (_PLAIN if is_heavy else _PARSER).render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return nh3.clean(
        made,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
