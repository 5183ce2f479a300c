"""In a language that reads from right to left, what is put into a sentence keeps its own direction.

"Delivery: Standard (two days)." in an Arabic sentence would be torn apart: its brackets and full stops would follow the
sentence. Each value is therefore isolated, except inside of a tag, where it may be an address.
"""

import re

from babel.messages.catalog import Catalog

FIRST_STRONG, POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_TAG_OR_VALUE = re.compile(r"<[^>]*>|%\(\w+\)s")


def isolate_values(catalog: Catalog) -> None:
    """In place; nothing changes in a language that reads from left to right."""
    if catalog.locale is None or catalog.locale.text_direction != "rtl":
        return
    for message in catalog:
        if message.id and message.string:
            string = message.string
            message.string = _with_isolates(string) if isinstance(string, str) else tuple(map(_with_isolates, string))


def isolated(words: str) -> str:
    return f"{FIRST_STRONG}{words}{POP}"


def _with_isolates(words: str) -> str:
    return _TAG_OR_VALUE.sub(lambda found: found[0] if found[0][0] == "<" else isolated(found[0]), words)
