"""A language that nobody speaks, to see what is not translated: each letter of every message is another one."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from components.foundation.languages import catalogues, gathering

CODE = "eo"
_KEPT = re.compile(r"%\(\w+\)[sd]|%%|<[^>]*>|&\w+;|\{[^}]*\}")
_OTHER = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                       "àƀćđéƒĝĥíĵķļɱñóþʠŕšţúṽŵẋýžÀƁĆĐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ")  # fmt: skip


def said(words: str) -> str:
    """The same words with other letters; values, tags and dates' patterns stay."""
    parts, end = [], 0
    for kept in _KEPT.finditer(words):
        parts += [words[end : kept.start()].translate(_OTHER), kept[0]]
        end = kept.end()
    return "".join([*parts, words[end:].translate(_OTHER)])


def write(folder: Path) -> None:
    catalog = Catalog(locale=CODE, charset="utf-8")
    for message in gathering.said():
        if not message.id:
            continue
        if message.context == "date":
            catalog.add(message.id, message.id.replace("'at'", "'àţ'"), context="date")
            continue
        words = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        made = tuple(said(each) for each in words)
        catalog.add(message.id, made if message.pluralizable else made[0], context=message.context)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{CODE}.po").open("wb") as file:
        write_po(file, catalog)
    catalogues.forget()
