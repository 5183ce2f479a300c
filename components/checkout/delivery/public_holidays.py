"""Public holidays of countries and their regions, as the library `holidays` knows them. Pure.

A country that it does not know has none. Nothing is asked over the network.
"""

from datetime import date
from functools import lru_cache

MOST_USUAL = {"GB": "ENG"}
"""The region that is meant where none is named, of a country most of whose holidays are regional."""


def is_holiday(day: date, country: str, region: str = "") -> bool:
    return day in _of_year(country, _known(country, region), day.year)


def names(country: str, region: str, year: int) -> tuple[tuple[date, str], ...]:
    """The holidays of a year in order, by their English names where the library has them."""
    return tuple(sorted(_of_year(country, _known(country, region), year).items()))


def _known(country: str, region: str) -> str:
    """Whatever else customers type as their region is none: it is not remembered either."""
    return region if region and region in dict(regions(country)) else ""


@lru_cache(maxsize=300)
def regions(country: str) -> tuple[tuple[str, str], ...]:
    """Pairs of code and name of the regions that have holidays of their own, by name."""
    from holidays import country_holidays

    try:
        known = country_holidays(country)
    except NotImplementedError:
        return ()
    named = known.get_subdivision_aliases()
    found = {code: (named.get(code) or [code])[0] for code in known.subdivisions}
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


@lru_cache(maxsize=400)
def _of_year(country: str, region: str, year: int) -> dict[date, str]:
    """The library is loaded by the first question: a shop that promises no dates does not pay for it."""
    from holidays import country_holidays

    try:
        known = country_holidays(country)
        wanted = region or MOST_USUAL.get(country)
        language = "en_US" if "en_US" in known.supported_languages else None
        found = country_holidays(country, subdiv=wanted, years=year, language=language)
    except NotImplementedError:
        return {}
    return {day: name for day, name in found.items() if day.year == year}
