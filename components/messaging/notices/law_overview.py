"""What the law and the card networks ask, beside what the shop does about it: for the settings page."""

from dataclasses import dataclass
from datetime import date, timedelta

from components.foundation import clock
from components.foundation.consumer_law import law_rules
from components.foundation.consumer_law.law_rules import Jurisdiction, LawRule
from components.foundation.shop_settings import shop_settings
from components.messaging.notices import notice_timing
from components.messaging.notices.notice_timing import Place

NEW_PRICE = "When the new price is announced, when its day changes, and once more if the law asks for a nearer day."
DONE: dict[str, str] = {
    "cancel_page": "“Cancel contracts here” is at the foot of every page of a shop there and of pages in German.",
    "withdrawal_page": "“Withdraw from contract” is at the foot of every page, where the law asks for it.",
    "withdrawal": "The page, a receipt at once, and a list for you with the last day for each refund.",
    "price_change": NEW_PRICE,
    "terms": "Not by itself: this is for your terms and for you.",
}


@dataclass(frozen=True, slots=True)
class YearlyTerm:
    interval: str = "year"
    interval_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShown:
    """`does`: what the shop does about it."""

    rule: LawRule
    about: str
    is_in_force: bool
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionShown:
    """`is_own`: the shop is there, or every shop that takes cards is meant."""

    name: str
    is_own: bool
    checked_on: date
    rules: tuple[RuleShown, ...]


def shown() -> tuple[JurisdictionShown, ...]:
    """The shop's own first."""
    known = shop_settings.current()
    found = tuple(
        JurisdictionShown(
            name=one.name,
            is_own=one.has(known.country, known.tax_region) or bool(one.network),
            checked_on=one.checked_on,
            rules=tuple(_rule(rule, one) for rule in one.rules),
        )
        for one in law_rules.all_jurisdictions()
    )
    return tuple(sorted(found, key=lambda one: (not one.is_own, one.name)))


def _rule(rule: LawRule, of: Jurisdiction) -> RuleShown:
    is_in_force = rule.is_in_force(clock.now().date())
    return RuleShown(rule=rule, about=law_rules.ABOUT[rule.about], is_in_force=is_in_force, does=_does(rule, of))


def _does(rule: LawRule, of: Jurisdiction) -> str:
    """Of a year and of a trial of sixty days, in the words of days before."""
    now, known = clock.now(), shop_settings.current()
    country = min(of.countries, default=known.country)
    place = Place(country, min(of.regions, default=""), of.network)
    if rule.about == "renewal":
        days = notice_timing.before_renewal(YearlyTerm(), now - timedelta(days=365), now, place)
        return f"Members there are told {_words(days)} before a yearly renewal."
    if rule.about == "trial_end":
        days = notice_timing.before_trial_end(now - timedelta(days=60), now, place)
        return f"Members there are told {_words(days)} before a long trial ends."
    return DONE[rule.about]


def _words(days: tuple[int, ...]) -> str:
    return " and ".join(f"{one} days" for one in days)
