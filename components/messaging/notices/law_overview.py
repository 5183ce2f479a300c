"""What the law and the card networks ask, beside what the shop does about it: for the settings page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from components.foundation import clock, formatting
from components.foundation.consumer_law import law_rules
from components.foundation.consumer_law.law_rules import Jurisdiction, LawRule
from components.foundation.shop_settings import shop_settings
from components.messaging.notices import notice_timing
from components.messaging.notices.notice_timing import Residence

NEW_PRICE = "When the new price is announced, when its day changes, and once more if the law asks for a nearer day."
DONE: dict[str, str] = {
    "cancel_page": "“Cancel contracts here” is at the foot of every page of a shop there and of pages in German.",
    "withdrawal_page": "“Withdraw from contract” is at the foot of every page, where the law asks for it.",
    "withdrawal": "The page /withdraw takes it, with a receipt at once, and you have a list with the last day for each "
    "refund. Pages link to it where the law asks for that, or if you choose “Always”.",
    "early_start": "Whoever lives there is asked, with a box to tick, when they join or redeem a gift. The answer is "
    "kept with its words, and decides the sum in the list of withdrawals.",
    "price_change": NEW_PRICE,
    "renewed_terms": "Plans of a shop there that renew for more than a month are marked. Before you create one you "
    "choose: a month, one payment that does not renew, or refunding the unused months by hand. After a renewal, a "
    "cancellation without signing in waits for you with its day. The first text of the terms says so to members.",
    "terms": "Not by itself: this is for your terms and for you.",
    "price_note": "Below products in lists, on the home page and beside fees the shop says whether tax is in the "
    "prices, and that delivery is extra, with a link to your page about delivery.",
    "visits": "Nothing is stored on a visitor’s device, and no visit is kept, before they said yes. Without a yes the "
    "shop only counts how often a page was looked at on a day.",
    "visits_without_asking": "Only if you keep visits and ask “where the law asks for it”: then a shop there does not "
    "ask first. Whoever’s browser says no (Global Privacy Control) is left alone, and so is whoever says no on "
    "the page “What we count”.",
}


@dataclass(frozen=True, slots=True)
class YearlyTerm:
    interval: str = "year"
    interval_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShown:
    """`since` is empty for what is not in force; `does`: what the shop does about it."""

    rule: LawRule
    about: str
    since: str
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionShown:
    """`checked` is the day on which its rules were last looked up."""

    name: str
    checked: str
    rules: tuple[RuleShown, ...]


def shown() -> tuple[JurisdictionShown, ...]:
    """The shop's own first."""
    known = shop_settings.current()
    everywhere = law_rules.all_jurisdictions()
    own = tuple(one for one in everywhere if one.has(known.country, known.tax_region))
    return tuple(
        JurisdictionShown(
            name=f"{one.name}, where your shop is" if one in own else one.name,
            checked=_day(one.checked_on),
            rules=tuple(_rule(rule, one) for rule in one.rules),
        )
        for one in (*own, *(one for one in everywhere if one not in own))
    )


def _rule(rule: LawRule, of: Jurisdiction) -> RuleShown:
    since = _day(rule.from_on) if rule.from_on and rule.is_in_force(clock.now().date()) else ""
    return RuleShown(rule=rule, about=law_rules.ABOUT[rule.about], since=since, does=_does(rule, of))


def _day(on: date) -> str:
    return formatting.day(datetime.combine(on, time(12), UTC))


def _does(rule: LawRule, of: Jurisdiction) -> str:
    """Of a year and of a trial of sixty days, in the words of days before."""
    now, known = clock.now(), shop_settings.current()
    country = min(of.countries, default=known.country)
    place = Residence(country, min(of.regions, default=""), of.network)
    who = "Members who pay with one" if of.network else "Members there"
    if rule.about == "renewal":
        days = notice_timing.before_renewal(YearlyTerm(), now - timedelta(days=365), now, place)
        return f"{who} are told {_words(days)} before a yearly renewal."
    if rule.about == "trial_end":
        days = notice_timing.before_trial_end(now - timedelta(days=60), now, place)
        return f"{who} are told {_words(days)} before a long trial ends."
    return DONE[rule.about]


def _words(days: tuple[int, ...]) -> str:
    return " and ".join(f"{one} days" for one in days)
