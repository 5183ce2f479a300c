"""Turning what staff wrote, in Markdown with placeholders, into the words of an e-mail: HTML and plain text.

Values never pass through Markdown: a mark stands for each until the HTML is made, so nothing that a customer typed can
become a link, a tag or a heading.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from components.foundation.writing import plain_text_twin, safe_markdown
from components.foundation.writing.placeholder_text import NAME
from components.messaging.texts import conditions, value_filling
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.email_placeholders import Value
from components.messaging.texts.placeholder_marks import PlaceholderMarks

SHORT = 1_500


@dataclass(frozen=True, slots=True)
class EmailText:
    """What staff write."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class WrittenEmail:
    """`said` are the placeholders whose values are in it."""

    subject: str
    html: Markup
    text: str
    preview: str
    said: frozenset[str]


async def prepared(kind: EmailKind, written: EmailText, values: Mapping[str, Value]) -> WrittenEmail:
    """The same for a text of any length: a long one is written beside the pages.

    Raises an `UnusableEmailText`.
    """
    if len(written.body) <= SHORT:
        return write(kind, written, values)
    return await asyncio.to_thread(write, kind, written, values)


def write(kind: EmailKind, written: EmailText, values: Mapping[str, Value]) -> WrittenEmail:
    """Raises an `UnusableEmailText`."""
    marks = PlaceholderMarks(kind, written.body, values)
    tokens = marks.tokens()
    text = plain_text_twin.plain_text(tokens)
    html = safe_markdown.cleaned(safe_markdown.PARSER.renderer.render(tokens, safe_markdown.PARSER.options, {}), "h1")
    marks.refuse_loose_secrets(text + html)
    html, shown = value_filling.html(marks, html), value_filling.text(marks, text)
    return WrittenEmail(
        subject=subject_line(written.subject, values),
        html=Markup(html),
        text=_tidy(shown),
        preview=value_filling.preview(marks, tokens),
        said=frozenset(one.name for one in marks.found_in(text)),
    )


def subject_line(text: str, values: Mapping[str, Value]) -> str:
    """One line of plain text."""
    said = conditions.resolved(text, values)
    return " ".join(NAME.sub(lambda found: value_filling.plain(values.get(found[1], "")), said).split())[:300]


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
