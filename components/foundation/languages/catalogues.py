"""The words of each language besides English, read once from `catalogues/<code>.po`.

A file `languages/<code>.po` in the data folder's `templates` adds a language, or says some words of one otherwise.
"""

import gettext
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import structlog
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from components.foundation import settings

SOURCE = "en"
"""The language the words are written in: it needs no catalogue."""
BUILT_IN = Path(__file__).parent / "catalogues"
log = structlog.get_logger()


@cache
def codes() -> tuple[str, ...]:
    """Every language there is a catalogue of, English first."""
    found = {path.stem for folder in (BUILT_IN, _own_folder()) for path in folder.glob("*.po")}
    return (SOURCE, *sorted(code for code in found - {SOURCE} if _is_language(code)))


@lru_cache(maxsize=20)
def of(code: str) -> gettext.NullTranslations:
    """The words of a language; English words where it has none."""
    made: gettext.NullTranslations = gettext.NullTranslations()
    for folder in (BUILT_IN, _own_folder()):
        path = folder / f"{code}.po"
        if not path.is_file():
            continue
        try:
            known = _compiled(read(path, code))
        except (PoFileError, UnicodeDecodeError, ValueError) as trouble:
            log.warning("a catalogue of words cannot be read", path=str(path), trouble=str(trouble))
            continue
        known.add_fallback(made)
        made = known
    return made


def read(path: Path, code: str) -> Catalog:
    """Raises `PoFileError` and `UnicodeDecodeError`."""
    with path.open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def _compiled(catalog: Catalog) -> gettext.GNUTranslations:
    made = BytesIO()
    write_mo(made, catalog)
    made.seek(0)
    return gettext.GNUTranslations(made)


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
