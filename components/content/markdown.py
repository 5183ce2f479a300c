"""Markdown to HTML that is safe to show, whoever wrote it."""

import asyncio
import re
from functools import lru_cache

from markdown_it import MarkdownIt

from components.catalog.pictures import image_processing
from components.foundation.writing import plain_text_twin, safe_markdown

_PLAIN = MarkdownIt("zero")
SHORT = 4_000
SHOWN_AT = "(min-width: 48rem) 44rem, 92vw"
_PICTURE = re.compile(r'<img src="/pictures/([0-9a-f]{40})-([1-9]\d{0,3})\.webp(?:#([1-9]\d{0,4})x([1-9]\d{0,4}))?"')


def html(text: str) -> str:
    """Only harmless tags and addresses remain; the page's own h1 stays the only one."""
    return _short(text) if len(text) <= SHORT else _long(text)


async def prepared(text: str) -> str:
    """The same for a text of any length: a long one is rendered beside the pages, which takes up to a second."""
    return html(text) if len(text) <= SHORT else await asyncio.to_thread(html, text)


async def prepared_plain(text: str) -> str:
    """The same as plain text, without a mark of Markdown's."""
    return _plain(text) if len(text) <= SHORT else await asyncio.to_thread(_plain, text)


@lru_cache(maxsize=500)
def _short(text: str) -> str:
    return _rendered(text)


@lru_cache(maxsize=64)
def _long(text: str) -> str:
    return _rendered(text)


@lru_cache(maxsize=64)
def _plain(text: str) -> str:
    parser = _PLAIN if safe_markdown.is_heavy(text) else safe_markdown.PARSER
    return plain_text_twin.plain_text(parser.parse(text), quoted_by="  ")


def _rendered(text: str) -> str:
    """A text that is too heavy to read keeps its paragraphs only."""
    parser = _PLAIN if safe_markdown.is_heavy(text) else safe_markdown.PARSER
    return _PICTURE.sub(
        _in_its_sizes, safe_markdown.cleaned(parser.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>"))
    )


def _in_its_sizes(found: re.Match[str]) -> str:
    """A picture of the shop in every size it has, loaded when it is scrolled to; its address may end in its size."""
    name, largest, width, height = found.groups()
    sizes = ", ".join(f"/pictures/{name}-{one}.webp {one}w" for one in image_processing.widths(int(largest)))
    measures = f' width="{width}" height="{height}"' if width else ""
    return (
        f'<img src="/pictures/{name}-{largest}.webp" srcset="{sizes}" sizes="{SHOWN_AT}"{measures} loading="lazy" '
        'decoding="async"'
    )
