"""Placeholders and gaps in a page's text. Pure.

`{shop name}` stands for what the shop knows, so the page stays true when it changes. `{vat number?}` may be empty: its
line is then left out. `[[Fill in: …]]` is a gap that only the owner can fill in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from components.foundation.writing import placeholder_text
from components.foundation.writing.placeholder_text import NAME

WORDS = {
    "shop name": "The shop’s name",
    "shop address": "The shop’s address on the web",
    "club name": "The name of the membership",
    "company name": "The name of the person or company behind the shop",
    "company street": "Street and number",
    "company town": "Postcode and town",
    "company people": "Who represents the company",
    "register": "The company register and number",
    "country": "The shop’s country",
    "phone": "The telephone number",
    "e-mail": "The address for customers’ e-mails",
    "vat number": "The VAT number",
    "currency": "The currency of the prices",
    "return days": "Days to return",
    "delivery prices": "A table of delivery methods, countries and prices",
    "membership prices": "A list of the plans on offer with their prices",
    "contact page": "The address of the contact form",
}
"""Every placeholder, and what it stands for."""
BLOCKS = frozenset({"delivery prices", "membership prices"})
"""They are Markdown already, and stand on a line of their own."""
_GAP = re.compile(r"\[\[([^\]\n]{1,300})\]\]")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")


@dataclass(frozen=True, slots=True)
class FilledText:
    """`missing` are placeholders that the shop has nothing for yet, `gaps` what only the owner can fill in."""

    markdown: str
    missing: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.gaps


def unknown(text: str) -> tuple[str, ...]:
    """Placeholders in the text that there are not."""
    return placeholder_text.unknown(text, WORDS)


def used(text: str) -> tuple[str, ...]:
    return placeholder_text.names(text)


def gaps(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.strip() for words in _GAP.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> FilledText:
    """The text with every placeholder replaced; what is missing stands in bold, so that nobody overlooks it."""
    missing: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in WORDS:
            return found[0]
        if not values.get(name):
            missing[name] = None
            return f"**({WORDS[name]}: not filled in yet)**"
        return values[name] if name in BLOCKS else _escaped(values[name])

    filled = NAME.sub(value, placeholder_text.without_empty_lines(text, values))
    shown = _GAP.sub(lambda found: f"**({_escaped(found[1].strip())})**", filled)
    return FilledText(placeholder_text.with_breaks(shown), tuple(missing), gaps(text))


def _escaped(value: str) -> str:
    return _SPECIAL.sub(r"\\\1", value)


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """One line as plain text, such as a description for search engines: what the shop has nothing for is left out."""
    return " ".join(NAME.sub(lambda found: values.get(found[1], ""), text).split())
