"""Product descriptions: Markdown written by staff, HTML from an import. In both only safe tags remain."""

import re
from functools import lru_cache

import nh3
from markupsafe import Markup

from components.content import markdown

_TAG = re.compile(r"<[a-z][^<>]*>", re.IGNORECASE)
_ALLOWED = {
    "a",
    "b",
    "br",
    "em",
    "h2",
    "h3",
    "h4",
    "i",
    "li",
    "ol",
    "p",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
}


@lru_cache(maxsize=2_000)
def html(text: str) -> Markup:
    if not _TAG.search(text):
        return Markup(markdown.html(text))
    return Markup(nh3.clean(text, tags=_ALLOWED, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto"}))


@lru_cache(maxsize=2_000)
def plain(text: str, longest: int = 300) -> str:
    """The text alone, cut at the end of a word."""
    words = " ".join(Markup(html(text)).striptags().split())
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"
