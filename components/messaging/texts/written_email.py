"""Turning what staff wrote, in Markdown with placeholders, into the words of an e-mail: HTML and plain text.

Values never pass through Markdown: a mark stands for each until the HTML is made, so nothing that a customer typed can
become a link, a tag or a heading.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markdown_it.token import Token
from markupsafe import Markup, escape

from components.foundation import settings
from components.foundation.writing import placeholder_text, safe_markdown
from components.foundation.writing.placeholder_text import NAME
from components.messaging.texts import conditions, plain_text_twin
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.email_placeholders import Placeholder, PlaceholderType, Value
from components.messaging.texts.text_troubles import LooseSecret, MisplacedBlock, UnsafeAddress

LONGEST_PREVIEW = 140
SHORT = 1_500
_EMPTY_HEAD = re.compile(r"<thead>\s*<tr>\s*(?:<th>\s*</th>\s*)*</tr>\s*</thead>\s*")
_BUTTON = re.compile(r'<p><a href="([^"]*)"[^>]*>((?:(?!</?a\b|</p>).)*)</a></p>', re.DOTALL)
_HREF = re.compile(r'href="([^"]*)"')
_SECRET = "[[secret:"
_WHOLE = ' class="whole"'
_EMPTY = re.compile(r"<p>(?:\s|<br>)*</p>\n?|<li>\s*</li>\n?")


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
    marks = _Marks(kind, written.body, values)
    tokens = marks.tokens()
    text = plain_text_twin.plain_text(tokens)
    html = safe_markdown.cleaned(safe_markdown.PARSER.renderer.render(tokens, safe_markdown.PARSER.options, {}), "h1")
    marks.refuse_loose_secrets(text + html)
    html, shown = marks.filled_html(html), marks.filled_text(text)
    return WrittenEmail(
        subject=subject_line(written.subject, values),
        html=Markup(html),
        text=_tidy(shown),
        preview=marks.preview(tokens),
        said=frozenset(one.name for one in marks.found_in(text)),
    )


def subject_line(text: str, values: Mapping[str, Value]) -> str:
    """One line of plain text."""
    said = conditions.resolved(text, values)
    return " ".join(NAME.sub(lambda found: _plain(values.get(found[1], "")), said).split())[:300]


class _Marks:
    """Letters and digits that stand for a value while Markdown is read."""

    def __init__(self, kind: EmailKind, body: str, values: Mapping[str, Value]) -> None:
        self.values, self.known = values, list(kind.placeholders.values())
        self.sign = "qz"
        while self.sign in body:
            self.sign += "z"
        self.pattern = re.compile(rf"{self.sign}(\d+)x")
        said = conditions.resolved(body.replace("\r\n", "\n"), values)
        said = placeholder_text.without_empty_lines(said, values)
        places = {one.name: place for place, one in enumerate(self.known)}
        marked = NAME.sub(lambda found: f"{self.sign}{places[found[1]]}x" if found[1] in places else found[0], said)
        self.markdown = placeholder_text.with_breaks(marked)

    def tokens(self) -> list[Token]:
        """Raises `UnsafeAddress`."""
        for href in safe_markdown.addresses(self.markdown):
            self.address(href)
        tokens = safe_markdown.PARSER.parse(self.markdown)
        for one in safe_markdown.flat(tokens):
            if one.type == "inline":
                self.refuse_misplaced(one)
            if one.type == "image":
                raise UnsafeAddress("Pictures cannot be put into e-mails; your logo is added by itself.")
            if one.type == "link_open":
                one.attrSet("href", self.address(str(one.attrGet("href") or "")))
        return tokens

    def address(self, href: str) -> str:
        """A link's address with its marks. Raises `UnsafeAddress`."""
        if (whole := self.pattern.fullmatch(href)) and self._at(whole).type is PlaceholderType.LINK:
            return href
        wrong = next((one for one in self.found_in(href) if one.type is not PlaceholderType.TEXT), None)
        if wrong is not None:
            raise UnsafeAddress(f"{{{wrong.name}}} cannot be a part of a link’s address.")
        if href.startswith("/") and not href.startswith(("//", "/\\")):
            return settings.current().base_url + href
        if not href.lower().startswith(("https://", "http://", "mailto:")):
            raise UnsafeAddress(f"A link must begin with https:// or be a placeholder: “{self.named(href)[:80]}”.")
        return href

    def refuse_misplaced(self, line: Token) -> None:
        for one in self.found_in(line.content):
            if one.is_block and not (line.level == 1 and self.pattern.fullmatch(line.content.strip())):
                raise MisplacedBlock(f"{{{one.name}}} must stand on a line of its own between two empty lines.")

    def refuse_loose_secrets(self, marked: str) -> None:
        """A secret comes from the placeholder that stands for it, never from the text, not even in pieces."""
        if _SECRET in self.pattern.sub("", marked):
            raise LooseSecret("Codes and links are put in with their placeholders only, never as [[…]].")

    def named(self, text: str) -> str:
        return self.pattern.sub(lambda found: f"{{{self._at(found).name}}}", text)

    def found_in(self, text: str) -> list[Placeholder]:
        return [self._at(found) for found in self.pattern.finditer(text)]

    def filled_html(self, html: str) -> str:
        html = _EMPTY_HEAD.sub("", html.replace("<table>", '<table class="rows">'))
        html = _BUTTON.sub(r'<p><a class="act" href="\1">\2</a></p>', html)
        html = _HREF.sub(lambda found: f'href="{self._filled_address(found[1])}"', html)
        html = re.sub(rf"<p>({self.pattern.pattern})</p>", lambda found: self._alone(found[1]), html)
        html = self.pattern.sub(lambda found: _inline(self._value(found)), html)
        return _EMPTY.sub("", html)

    def filled_text(self, text: str) -> str:
        def value(found: re.Match[str]) -> str:
            value = _plain(self._value(found))
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            word = "" if line[-1:].isspace() or not line else line.rsplit(None, 1)[-1]
            return quote(value, safe="") if "://" in word or "mailto:" in word else value

        return self.pattern.sub(value, text)

    def preview(self, tokens: list[Token]) -> str:
        """The line that the inbox shows: the first paragraph without an address or a code."""
        for place, token in enumerate(tokens):
            if token.type != "inline" or tokens[place - 1].type != "paragraph_open" or tokens[place - 1].level:
                continue
            words = plain_text_twin.inline_text(token.children or ())
            plain = all(one.type is PlaceholderType.TEXT for one in self.found_in(words)) and "://" not in words
            if plain and (said := " ".join(self.filled_text(words).split())):
                return said[:LONGEST_PREVIEW]
        return ""

    def _at(self, found: re.Match[str]) -> Placeholder:
        return self.known[int(found[1])]

    def _value(self, found: re.Match[str]) -> Value:
        return self.values.get(self._at(found).name, "")

    def _filled_address(self, href: str) -> str:
        if whole := self.pattern.fullmatch(href):
            return str(escape(_plain(self._value(whole))))
        return self.pattern.sub(lambda found: quote(_plain(self._value(found)), safe=""), href)

    def _alone(self, mark: str) -> str:
        """A placeholder that is a paragraph of its own: a table, a list, or a code in large letters."""
        found = self.pattern.fullmatch(mark)
        assert found is not None, "a mark, as it was found"
        value, kind = self._value(found), self._at(found).type
        if kind is PlaceholderType.CODE:
            return f'<p class="code">{_inline(value)}</p>'
        if kind is PlaceholderType.ROWS and value:
            return _table(value)
        if kind is PlaceholderType.LIST and value:
            items = "".join(f"<li>{escape(words)}</li>\n" for words in value) if isinstance(value, list) else ""
            return f"<ul>\n{items}</ul>"
        return f"<p>{_inline(value)}</p>"


def _table(value: Value) -> str:
    rows = [row for row in value if isinstance(row, list)] if isinstance(value, list) else []
    made = [f"<tr{_WHOLE if row[2:] else ''}><td>{escape(row[0])}</td><td>{escape(row[1])}</td></tr>\n" for row in rows]
    return f'<table class="rows">\n{"".join(made)}</table>'


def _inline(value: Value) -> str:
    return "<br>\n".join(str(escape(line)) for line in _plain(value).split("\n"))


def _plain(value: Value) -> str:
    """As plain text: a row on each line, a sentence after each dash."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value
    return "\n".join(f"- {row}" if isinstance(row, str) else ": ".join(row[:2]) for row in value)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
