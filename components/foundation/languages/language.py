"""The language that is spoken now: of the visitor who asks, or of the person an e-mail goes to.

Without anybody in particular it is the shop's own. Staff pages are in English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from babel import Locale
from babel.localedata import exists

from components.foundation.languages import catalogues, isolates
from components.foundation.shop_settings import shop_settings

STAFF = catalogues.SOURCE
_spoken: ContextVar[str | None] = ContextVar("the language that is spoken", default=None)


def current() -> str:
    """ "de": its code."""
    return _spoken.get() or own()


def own() -> str:
    """The shop's own language, in which its owner writes."""
    return shop_settings.current().shop_language


def offered() -> tuple[str, ...]:
    """The languages a visitor may choose from, the shop's own first."""
    known = shop_settings.current()
    more = (code for code in known.shop_languages.split() if code != known.shop_language)
    return (known.shop_language, *(code for code in more if code in catalogues.codes()))


def prefixes() -> tuple[tuple[str, str], ...]:
    """Code, and what begins an address in that language; empty where there is only one."""
    found = offered()
    return tuple((code, f"/{code}" if code != found[0] else "") for code in found) if len(found) > 1 else ()


def chosen(wish: str | None) -> str:
    """The language somebody wishes, or the shop's own where it is not offered."""
    return wish if wish and wish in offered() else own()


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Inside, words, dates and amounts are in this language; in the shop's own when there is none of that name."""
    token = _spoken.set(code if code in catalogues.codes() else None)
    try:
        yield
    finally:
        _spoken.reset(token)


def locale() -> str:
    """How amounts and dates are written in the language spoken now: "de_CH"."""
    return _locale(current(), own(), shop_settings.current().locale)


def tag() -> str:
    """For `lang` and `hreflang`: "de-CH"."""
    return locale().replace("_", "-")


def prefix() -> str:
    """What begins the address of a page in the language spoken now: "/de", and "" for the shop's own."""
    return "" if current() == own() else f"/{current()}"


def direction(code: str = "") -> str:
    """ "ltr" or "rtl", for `dir`."""
    return str(_babel(code or current()).text_direction)


def isolated(words: str) -> str:
    """Own words beside others in a line: each keeps its direction where the language reads from right to left."""
    return isolates.isolated(words) if direction() == "rtl" else words


def own_name(code: str) -> str:
    """ "Deutsch": what a language calls itself."""
    name = str(_babel(code).get_display_name(code) or code)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=200)
def _locale(spoken: str, own_language: str, own_locale: str) -> str:
    if spoken == own_language:
        return own_locale
    territory = Locale.parse(own_locale).territory
    return next((name for name in (f"{spoken}_{territory}", spoken) if exists(name)), own_locale)


@lru_cache(maxsize=50)
def _babel(code: str) -> Locale:
    return Locale.parse(code)
