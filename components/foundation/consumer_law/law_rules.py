"""The rules of each jurisdiction, from its data file. Read once; a file that lacks something is an error at once."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "jurisdictions"
ABOUT = {
    "renewal": "Before a renewal",
    "trial_end": "Before a trial ends",
    "price_change": "Before a new price",
    "withdrawal": "Withdrawing",
    "early_start": "Beginning before the days to withdraw are over",
    "withdrawal_page": "Withdrawing on the site",
    "cancel_page": "Cancelling on the site",
    "renewed_terms": "Renewing for more than a month",
    "terms": "Terms",
    "price_note": "Prices",
    "visits": "Keeping what visitors look at",
    "visits_without_asking": "Keeping what visitors look at",
}
SAYS = ("amount", "renewal_date", "term", "how_to_cancel")
"""What a notice may have to say."""


class BadLawRule(Exception):
    """A data file says something that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRule:
    """`least_days` to `most_days` before is when a notice has to go out; days to withdraw for "withdrawal".

    It is for terms of at least `term_months`, for trials of more than `trial_over_days`, and with `every_months` only
    for the last charge of each so many months. Without `from_on` it is not in force.
    """

    key: str
    about: str
    summary: str
    source: str
    url: str
    least_days: int = 0
    most_days: int = 3_650
    term_months: int = 0
    trial_over_days: int = 0
    every_months: int = 0
    from_on: date | None = None
    says: tuple[str, ...] = ()

    def is_in_force(self, on: date) -> bool:
        return self.from_on is not None and self.from_on <= on


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """A country, a part of one, several, or a card network."""

    code: str
    name: str
    checked_on: date
    rules: tuple[LawRule, ...]
    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    network: str = ""

    def has(self, country: str, region: str) -> bool:
        return country in self.countries and (not self.regions or region in self.regions)


@cache
def all_jurisdictions() -> tuple[Jurisdiction, ...]:
    """By the names of their files."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.toml")))


def of(country: str, region: str = "", network: str = "") -> tuple[Jurisdiction, ...]:
    """Those that somebody who lives there and pays with such a card is protected by."""
    known = all_jurisdictions()
    return tuple(one for one in known if one.has(country, region) or (network and one.network == network.lower()))


def rules(about: str, *, on: date, country: str, region: str = "", network: str = "") -> tuple[LawRule, ...]:
    """What is in force for them on that day about one thing."""
    found = (rule for one in of(country, region, network) for rule in one.rules)
    return tuple(rule for rule in found if rule.about == about and rule.is_in_force(on))


def asks(about: str, *, on: date, countries: frozenset[str]) -> bool:
    """Whether any of these countries asks for it on that day."""
    return any(rules(about, on=on, country=country) for country in countries)


def _read(path: Path) -> Jurisdiction:
    written = tomllib.loads(path.read_text())
    found = tuple(LawRule(**rule | {"says": tuple(rule.get("says", ()))}) for rule in written.pop("rules"))
    for rule in found:
        is_known = rule.about in ABOUT and set(rule.says) <= set(SAYS)
        if not is_known or rule.least_days > rule.most_days or not (rule.source and rule.url):
            raise BadLawRule(f"{path.name}: {rule.key}")
    countries, regions = (frozenset[str](written.pop(name, ())) for name in ("countries", "regions"))
    code = path.stem.replace("_", "-").upper()
    return Jurisdiction(code=code, rules=found, countries=countries, regions=regions, **written)
