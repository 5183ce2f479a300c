"""The Markdown that staff write, for pages and e-mails alike: how it is read, and which HTML is left of it."""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["table", "strikethrough", "smartquotes", "replacements"]
)
_WITH_HTML = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_ANY_ADDRESS = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_ANY_ADDRESS.validateLink = lambda url: True  # type: ignore[method-assign]
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
MOST_OF = {"[": 1_000, "|": 4_000, "'": 4_000, '"': 4_000, "<": 4_000}
"""No text needs more of these, and each costs more the more there are."""


def is_heavy(text: str) -> bool:
    """Whether reading it would keep everybody else waiting."""
    return any(text.count(sign) > most for sign, most in MOST_OF.items())


def cleaned(html: str, *more_tags: str) -> str:
    """Only harmless tags and addresses remain."""
    return nh3.clean(
        html,
        tags={*_TAGS, *more_tags},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def html_in(text: str) -> str:
    """The first HTML tag that somebody has written into the Markdown; "" where there is none."""
    return next((one.content.strip() for one in flat(_WITH_HTML.parse(text)) if one.type.startswith("html_")), "")


def addresses(text: str) -> list[str]:
    """Of all links somebody has written, also those that would be shown as text because they are not safe."""
    return [str(one.attrGet("href") or "") for one in flat(_ANY_ADDRESS.parse(text)) if one.type == "link_open"]


def flat(tokens: Sequence[Token]) -> list[Token]:
    """All tokens, with those inside a line in their place."""
    return [each for one in tokens for each in (one, *flat(one.children or ()))]
