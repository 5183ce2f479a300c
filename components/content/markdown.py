"""Markdown to HTML that is safe to show, whoever wrote it."""

import asyncio
from functools import lru_cache

from markdown_it import MarkdownIt

from components.foundation.writing import safe_markdown

_PLAIN = MarkdownIt("zero")
SHORT = 4_000


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
    """A text that is too heavy to read keeps its paragraphs only."""
    parser = _PLAIN if safe_markdown.is_heavy(text) else safe_markdown.PARSER
    return safe_markdown.cleaned(parser.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>"))
