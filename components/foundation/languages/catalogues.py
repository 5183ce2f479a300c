"""The words of each language besides English, read once from `catalogues/<code>.po`.

A file `languages/<code>.po` in the data folder's `templates` adds a language, or says some words of one otherwise. What
cannot be said in it is said in the built-in words, else in English: `troubles`.
"""

import gettext
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import structlog
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from components.foundation import settings
from components.foundation.languages import isolates, usable_words

SOURCE = "en"
"""The language the words are written in: it needs no catalogue."""
BUILT_IN = Path(__file__).parent / "catalogues"
PLURALS_TRIED = 1_000
LONGEST_TROUBLE = 300
PASSED_OVER = "Not used, because their values or patterns are not those of the English"
log = structlog.get_logger()


@cache
def codes() -> tuple[str, ...]:
    """Every language there is a catalogue of, English first."""
    found = {path.stem for folder in (BUILT_IN, _own_folder()) for path in folder.glob("*.po")}
    return (SOURCE, *sorted(code for code in found - {SOURCE} if _is_language(code)))


@lru_cache(maxsize=100)
def of(code: str) -> gettext.NullTranslations:
    """The words of a language; English words where it has none."""
    made: gettext.NullTranslations = gettext.NullTranslations()
    for folder in (BUILT_IN, _own_folder()):
        compiled, trouble = _read(folder, code)
        if trouble:
            log.warning("not all words of a catalogue can be said", language=code, trouble=trouble)
        if compiled:
            known = gettext.GNUTranslations(BytesIO(compiled))
            known.add_fallback(made)
            made = known
    return made


def troubles() -> dict[str, str]:
    """What is wrong with own catalogues, by their place in the folder of own templates."""
    found = {f"languages/{code}.po": _read(_own_folder(), code)[1] for code in codes()}
    return {name: trouble for name, trouble in found.items() if trouble}


@lru_cache(maxsize=200)
def _read(folder: Path, code: str) -> tuple[bytes, str]:
    """The words of a file, compiled, and what is wrong with it; nothing where there is none."""
    path = folder / f"{code}.po"
    try:
        if not path.is_file():
            return b"", ""
        catalog = read(path, code)
        unusable = usable_words.take_out_unusable(catalog)
        isolates.isolate_values(catalog)
        compiled = _compiled(catalog)
        known = gettext.GNUTranslations(BytesIO(compiled))
        for count in range(PLURALS_TRIED):
            known.ngettext("", "", count)
    except Exception as trouble:  # by hand anything may be written into a file
        return b"", f"It cannot be read: {trouble}"[:LONGEST_TROUBLE]
    return compiled, f"{PASSED_OVER}: {'; '.join(unusable)}"[:LONGEST_TROUBLE] if unusable else ""


def read(path: Path, code: str) -> Catalog:
    """Raises whatever Babel makes of a file that is none."""
    with path.open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def _compiled(catalog: Catalog) -> bytes:
    made = BytesIO()
    write_mo(made, catalog)
    return made.getvalue()


def _own_folder() -> Path:
    return settings.current().data / "templates" / "languages"


def _is_language(code: str) -> bool:
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def forget() -> None:
    """Read them again at the next word."""
    codes.cache_clear()
    of.cache_clear()
    _read.cache_clear()
