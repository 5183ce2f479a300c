"""Marks that stand for the values of placeholders while Markdown is read, and where each may stand."""

import re
from collections.abc import Mapping
from itertools import pairwise

from markdown_it.token import Token

from components.foundation import settings
from components.foundation.writing import placeholder_text, safe_markdown
from components.foundation.writing.placeholder_text import NAME
from components.messaging.texts import conditions
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.email_placeholders import Placeholder, PlaceholderType, Value
from components.messaging.texts.text_troubles import LooseSecret, MisplacedBlock, UnsafeAddress

_SECRET = "[[secret:"


class PlaceholderMarks:
    """Letters and digits, found neither in the text nor in a value."""

    def __init__(self, kind: EmailKind, body: str, values: Mapping[str, Value]) -> None:
        self.values, self.known = values, list(kind.placeholders.values())
        sign, taken = "qz", body + repr(values)
        while sign in taken:
            sign += "z"
        self.pattern = re.compile(rf"{sign}(\d+)x")
        said = conditions.resolved(body.replace("\r\n", "\n"), values)
        said = placeholder_text.without_empty_lines(said, values)
        places = {one.name: place for place, one in enumerate(self.known)}
        marked = NAME.sub(lambda found: f"{sign}{places[found[1]]}x" if found[1] in places else found[0], said)
        self.markdown = placeholder_text.with_breaks(marked)

    def tokens(self) -> list[Token]:
        """Raises `UnsafeAddress`."""
        for href in safe_markdown.addresses(self.markdown):
            self.address(href)
        tokens = safe_markdown.PARSER.parse(self.markdown)
        for one in safe_markdown.flat(tokens):
            if one.type == "inline":
                self.refuse_misplaced(one)
                _refuse_wordless(one.children or [])
            if one.type == "image":
                raise UnsafeAddress("Pictures cannot be put into e-mails; your logo is added by itself.")
            if one.type == "link_open":
                one.attrSet("href", self.address(str(one.attrGet("href") or "")))
        return tokens

    def address(self, href: str) -> str:
        """A link's address with its marks. Raises `UnsafeAddress`."""
        if (whole := self.pattern.fullmatch(href)) and self.at(whole).type is PlaceholderType.LINK:
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
        return self.pattern.sub(lambda found: f"{{{self.at(found).name}}}", text)

    def found_in(self, text: str) -> list[Placeholder]:
        return [self.at(found) for found in self.pattern.finditer(text)]

    def at(self, found: re.Match[str]) -> Placeholder:
        return self.known[int(found[1])]

    def value(self, found: re.Match[str]) -> Value:
        return self.values.get(self.at(found).name, "")


def _refuse_wordless(line: list[Token]) -> None:
    """Raises `UnsafeAddress` for a link that nobody sees."""
    for token, following in pairwise(line):
        if token.type == "link_open" and following.type == "link_close":
            raise UnsafeAddress("A link needs words to press: [words](address).")
