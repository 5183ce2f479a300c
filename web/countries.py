"""The countries a parcel can be sent to, by name in the shop's language, and the states or provinces of some."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from babel import Locale

from components.foundation import postal_regions
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.setting_rules import COUNTRIES
from web.forms.fields import Choices
from web.forms.form import Form


def choices() -> Choices:
    """Pairs of code and name; the shop's own country first, then by name."""
    known = shop_settings.current()
    return _choices(known.country, known.locale)


def name(code: str) -> str:
    return _names(shop_settings.current().locale).get(code, code)


def region_choices(country: str) -> Choices:
    """For the field beside this country; none where addresses need no region."""
    known = postal_regions.of_country(country)
    return (("", "Please choose"), *known) if known else ()


def all_regions(countries: Iterable[str]) -> Choices:
    """Every region that may be sent: `check_region` looks whether it is one of the country sent with it."""
    return tuple({pair[0]: pair for country in countries for pair in postal_regions.of_country(country)}.values())


def chosen_region(values: dict[str, Any]) -> str:
    """The region sent, when it is one of the country sent with it; else ""."""
    region = values.get("region") or ""
    return region if region in dict(postal_regions.of_country(values.get("country") or "")) else ""


def check_region(form: Form) -> None:
    """What was chosen for another country is forgotten; where one is needed it is asked for."""
    if postal_regions.of_country(form.values.get("country") or ""):
        if not chosen_region(form.values):
            form.errors.pop("region", None)
            form.refuse("region", "Choose a state or province.")
    else:
        form.errors.pop("region", None)
        form.values["region"] = ""


@lru_cache(maxsize=4)
def _choices(own: str, locale: str) -> Choices:
    return tuple(sorted(_names(locale).items(), key=lambda pair: (pair[0] != own, pair[1])))


@lru_cache(maxsize=4)
def _names(locale: str) -> dict[str, str]:
    named = Locale.parse(locale).territories.items()
    return {code: name for code, name in named if code in COUNTRIES}
