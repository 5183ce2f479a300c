"""A language that nobody speaks, to see what is not translated: each letter of every message is another one.

As a program (`make arabic`) it writes the same in Arabic letters, to look at the shop from right to left.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from components.foundation.languages import catalogues, gathering

CODE = "eo"
_KEPT = re.compile(r"%\(\w+\)[sd]|%%|<[^>]*>|&\w+;|\{[^}]*\}")
_OTHER = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                       "àƀćđéƒĝĥíĵķļɱñóþʠŕšţúṽŵẋýžÀƁĆĐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ")  # fmt: skip


_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,;?",
                        "ابچدهفگحيجكلمنوپقرستعڤوخيزابچدهفگحيجكلمنوپقرستعڤوخيز،؛؟")  # fmt: skip


def said(words: str, letters: dict[int, int] = _OTHER) -> str:
    """The same words with other letters; values, tags and dates' patterns stay."""
    parts, end = [], 0
    for kept in _KEPT.finditer(words):
        parts += [words[end : kept.start()].translate(letters), kept[0]]
        end = kept.end()
    return "".join([*parts, words[end:].translate(letters)])


def write(folder: Path, code: str = CODE, letters: dict[int, int] = _OTHER) -> None:
    catalog = Catalog(locale=code, charset="utf-8")
    for message in gathering.said():
        if not message.id:
            continue
        if message.context == "date":
            catalog.add(message.id, message.id.replace("'at'", f"'{said('at', letters)}'"), context="date")
            continue
        words = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        made = tuple(said(each, letters) for each in words)
        made += made[-1:] * (catalog.num_plurals - len(made)) if message.pluralizable else ()
        catalog.add(message.id, made if message.pluralizable else made[0], context=message.context)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{code}.po").open("wb") as file:
        write_po(file, catalog)
    catalogues.forget()


if __name__ == "__main__":
    write(Path(sys.argv[1]), "ar", _ARABIC)
