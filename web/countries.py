"""The countries a parcel can be sent to, by name in the language spoken."""

from functools import lru_cache

from babel import Locale

from components.foundation import text
from components.foundation.languages import language
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.setting_rules import COUNTRIES
from web.forms.fields import Choices


def choices() -> Choices:
    """Pairs of code and name; the shop's own country first, then by name."""
    return _choices(shop_settings.current().country, language.locale())


def name(code: str) -> str:
    return _names(language.locale()).get(code, code)


def in_words(code: str) -> str:
    """ "the United Kingdom": as it reads after "in" or "to" in an English sentence."""
    plain = name(code)
    return f"the {plain}" if plain.startswith(_WITH_ARTICLE) else plain


_WITH_ARTICLE = ("United ", "Netherlands", "Philippines", "Bahamas", "Maldives", "Seychelles", "Isle of ", "Czech Rep")


@lru_cache(maxsize=100)
def _choices(own: str, locale: str) -> Choices:
    return tuple(sorted(_names(locale).items(), key=lambda pair: (pair[0] != own, text.place_in_list(pair[1]))))


@lru_cache(maxsize=100)
def _names(locale: str) -> dict[str, str]:
    named = Locale.parse(locale).territories.items()
    return {code: name for code, name in named if code in COUNTRIES}
