"""Putting the values where their marks stand, in HTML (escaped) and in plain text."""

import re
from urllib.parse import quote

from markdown_it.token import Token
from markupsafe import escape

from components.foundation.writing import plain_text_twin
from components.messaging.texts.email_placeholders import PlaceholderType, Value
from components.messaging.texts.placeholder_marks import PlaceholderMarks

LONGEST_PREVIEW = 140
_EMPTY_HEAD = re.compile(r"<thead>\s*<tr>\s*(?:<th>\s*</th>\s*)*</tr>\s*</thead>\s*")
_BUTTON = re.compile(r'<p><a href="([^"]*)"[^>]*>((?:(?!</?a\b|</p>).)*)</a></p>', re.DOTALL)
_HREF = re.compile(r'href="([^"]*)"')
_WHOLE = ' class="whole"'
_ANCHOR = re.compile(r"(<a\b[^>]*>.*?</a>)", re.DOTALL)
_EMPTY = re.compile(r"<p>(?:\s|<br>)*</p>\n?|<li>\s*</li>\n?")


def html(marks: PlaceholderMarks, made: str) -> str:
    made = _EMPTY_HEAD.sub("", made.replace("<table>", '<table class="rows">'))
    made = _BUTTON.sub(r'<p><a class="act" href="\1">\2</a></p>', made)
    made = _HREF.sub(lambda found: f'href="{_address(marks, found[1])}"', made)
    made = re.sub(rf"<p>({marks.pattern.pattern})</p>", lambda found: _alone(marks, found[1]), made)
    parts = _ANCHOR.split(made)
    for place, part in enumerate(parts):
        is_link = bool(place % 2)
        parts[place] = marks.pattern.sub(lambda found, is_link=is_link: _in_place(marks, found, is_link), part)
    return _EMPTY.sub("", "".join(parts))


def text(marks: PlaceholderMarks, made: str) -> str:
    def value(found: re.Match[str]) -> str:
        said = plain(marks.value(found))
        line = made[made.rfind("\n", 0, found.start()) + 1 : found.start()]
        word = "" if line[-1:].isspace() or not line else line.rsplit(None, 1)[-1]
        return quote(said, safe="") if "://" in word or "mailto:" in word else said

    return marks.pattern.sub(value, made)


def preview(marks: PlaceholderMarks, tokens: list[Token]) -> str:
    """The line that the inbox shows: the first paragraph without an address or a code."""
    for place, token in enumerate(tokens):
        if token.type != "inline" or tokens[place - 1].type != "paragraph_open" or tokens[place - 1].level:
            continue
        words = plain_text_twin.inline_text(token.children or ())
        is_plain = all(one.type is PlaceholderType.TEXT for one in marks.found_in(words)) and "://" not in words
        if is_plain and (said := " ".join(text(marks, words).split())):
            return said[:LONGEST_PREVIEW]
    return ""


def _address(marks: PlaceholderMarks, href: str) -> str:
    if whole := marks.pattern.fullmatch(href):
        return str(escape(plain(marks.value(whole))))
    return marks.pattern.sub(lambda found: quote(plain(marks.value(found)), safe=""), href)


def _in_place(marks: PlaceholderMarks, found: re.Match[str], is_link: bool) -> str:
    """An address that is not within a link becomes one."""
    words = _inline(marks.value(found))
    is_address = marks.at(found).type is PlaceholderType.LINK and words and not is_link
    return f'<a href="{words}">{words}</a>' if is_address else words


def _alone(marks: PlaceholderMarks, mark: str) -> str:
    """A placeholder that is a paragraph of its own: a table, a list, or a code in large letters."""
    found = marks.pattern.fullmatch(mark)
    assert found is not None, "a mark, as it was found"
    value, kind = marks.value(found), marks.at(found).type
    if kind is PlaceholderType.CODE:
        return f'<p class="code">{_inline(value)}</p>'
    if kind is PlaceholderType.ROWS and value:
        return _table(value)
    if kind is PlaceholderType.LIST and value:
        items = "".join(f"<li>{escape(words)}</li>\n" for words in value) if isinstance(value, list) else ""
        return f"<ul>\n{items}</ul>"
    if kind is PlaceholderType.LINKS and value:
        return _links(value)
    return f"<p>{mark}</p>"


def _links(value: Value) -> str:
    items = [row for row in value if isinstance(row, list)] if isinstance(value, list) else []
    made = [f'<li><a href="{escape(at)}">{escape(what)}</a>: {escape(why)}</li>\n' for what, why, at in items]
    return f"<ul>\n{''.join(made)}</ul>"


def _table(value: Value) -> str:
    rows = [row for row in value if isinstance(row, list)] if isinstance(value, list) else []
    made = [f"<tr{_WHOLE if row[2:] else ''}><td>{escape(row[0])}</td><td>{escape(row[1])}</td></tr>\n" for row in rows]
    return f'<table class="rows">\n{"".join(made)}</table>'


def _inline(value: Value) -> str:
    return "<br>\n".join(str(escape(line)) for line in plain(value).split("\n"))


def plain(value: Value) -> str:
    """As plain text: a row on each line, a sentence after each dash."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value
    return "\n".join(f"- {row}" if isinstance(row, str) else _plain_row(row) for row in value)


def _plain_row(row: list[str]) -> str:
    """Of a link its address too; the third of an amount's row is no address."""
    said = ": ".join(row[:2])
    return f"- {said} {row[2]}" if row[2:] and "://" in row[2] else said
