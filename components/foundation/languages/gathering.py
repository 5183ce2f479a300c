"""`make words`: every message of code and templates goes into the catalogues, and what nobody says any more leaves."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
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
    return found


def _messages() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    for folder, methods in (("components", PYTHON), ("web", PYTHON), ("templates", TEMPLATES)):
        found = extract_from_dir(ROOT / folder, methods, OPTIONS, KEYWORDS, comment_tags=("translators:",))
        for path, line, words, comments, context in found:
            yield f"{folder}/{path}", 0 * line, words, comments, context


def gather() -> None:
    """Bring every catalogue up to date. A new message has no words yet, which a test finds."""
    template = said()
    for path in sorted(catalogues.BUILT_IN.glob("*.po")):
        catalog = catalogues.read(path, path.stem)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=100, omit_header=False, sort_by_file=True, include_lineno=False)


if __name__ == "__main__":
    gather()
