"""`make words`: every message of code and templates goes into the catalogues, and what nobody says any more leaves."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from components.foundation.languages import catalogues

ROOT = Path(__file__).parents[3]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "N_": None,
    "n_": (1, 2),
    "p_": ((1, "c"), 2),
    "np_": ((1, "c"), 2, 3),
}
PYTHON = [("**.py", "python")]
TEMPLATES = [("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}


def said() -> Catalog:
    """Every message, with the files that say it."""
    found = Catalog(charset="utf-8")
    for path, line, words, comments, context in _messages():
        found.add(words, None, [(path, line)], auto_comments=comments, context=context)
    return ordered(found)


def ordered(found: Catalog) -> Catalog:
    """By their files, and within a file by their words: code that moves inside its file changes no catalogue."""
    in_order = Catalog(charset="utf-8")
    for each in sorted((each for each in found if each.id), key=_place):
        in_order.add(
            each.id, None, sorted(each.locations), auto_comments=sorted(each.auto_comments), context=each.context
        )
    return in_order


def _place(message: Message) -> tuple[list[tuple[str, int | Literal[""]]], str, str]:
    words = message.id if isinstance(message.id, str) else message.id[0]
    return sorted(message.locations), words, message.context or ""


def _messages() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    for folder, methods in (("components", PYTHON), ("web", PYTHON), ("templates", TEMPLATES)):
        found = extract_from_dir(ROOT / folder, methods, OPTIONS, KEYWORDS, comment_tags=("translators:",))
        for path, line, words, comments, context in found:
            yield f"{folder}/{path}", 0 * line, words, comments, context


def gather() -> None:
    """Bring every catalogue up to date. A new message has no words yet, which a test finds."""
    template = said()
    for path in sorted(catalogues.BUILT_IN.glob("*.po")):
        path.write_bytes(gathered(path, template))


def gathered(path: Path, template: Catalog) -> bytes:
    """A catalogue with the messages of `template`, as its file has it. The same again when nothing has changed: its
    header says no moment of its own."""
    catalog = catalogues.read(path, path.stem)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    file = BytesIO()
    write_po(file, catalog, width=100, omit_header=False, include_lineno=False)
    return file.getvalue()


if __name__ == "__main__":
    gather()
