"""On which days before a charge a member is written to: as the law where they live asks, or as the shop does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from components.foundation import clock, intervals
from components.foundation.consumer_law import law_rules, notice_days
from components.foundation.consumer_law.law_rules import LawRule
from components.foundation.shop_settings import shop_settings
from components.memberships.tables import Subscription
from components.payments import cards
from components.people import addresses

MONTHS = {"week": 0, "month": 1, "year": 12}
DAYS = {"week": 7, "month": 30, "year": 365}


class TermLength(Protocol):
    """How long a period of a plan is."""

    @property
    def interval(self) -> str: ...

    @property
    def interval_count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Residence:
    """Where a member lives, and the network of the card they pay with; the shop's own country where nobody knows."""

    country: str
    region: str = ""
    network: str = ""

    def rules(self, about: str, at: datetime) -> tuple[LawRule, ...]:
        return law_rules.rules(about, on=at.date(), country=self.country, region=self.region, network=self.network)


async def places(found: Sequence[Subscription]) -> dict[UUID, Residence]:
    """Of each subscription, by its id."""
    known = shop_settings.current()
    homes = await addresses.homes([one.payer for one in found])
    networks = await cards.brands([one.id for one in found])
    own = (known.country, known.tax_region)
    return {one.id: Residence(*homes.get(one.payer, own), networks.get(one.id, "")) for one in found}


def before_renewal(term: TermLength, began: datetime, renews_at: datetime, place: Residence) -> tuple[int, ...]:
    """So many days before it renews, the earliest first; empty where nobody asks for a notice."""
    known = shop_settings.current()
    months, paid = term.interval_count * MONTHS[term.interval], _months_between(began, renews_at)
    within = term.interval_count * DAYS[term.interval]
    asked = place.rules("renewal", clock.now())
    return notice_days.days_before(
        [one for one in asked if notice_days.is_asked(one, months_paid=paid, term_months=months)],
        preferred=min(known.renewal_notice_days, max(1, within // 4)),
        within=within,
        is_wanted=_is_wanted(known.renewal_notices, paid=paid, term=months),
    )


def before_trial_end(began: datetime, ends_at: datetime, place: Residence) -> tuple[int, ...]:
    """So many days before a trial ends, the earliest first."""
    within = round((ends_at - began) / timedelta(days=1))
    asked = [one for one in place.rules("trial_end", clock.now()) if within > one.trial_over_days]
    return notice_days.days_before(asked, preferred=shop_settings.current().trial_notice_days, within=within)


def due(days: tuple[int, ...], charged_at: datetime) -> int | None:
    """Which of these notices is the one to send now: of several whose days have come, the last. None before."""
    left = charged_at - clock.now()
    return next((one for one in reversed(days) if left <= timedelta(days=one)), None)


def key(stem: str, charged_at: datetime, days: tuple[int, ...], which: int) -> str:
    """The first notice of a charge has no number, so that whoever has been told of it is not told again."""
    written = f"{stem}:{charged_at.date()}"
    return written if which == days[0] else f"{written}:{which}"


def _is_wanted(wish: str, *, paid: int, term: int) -> bool:
    if wish == "half_year":
        half = LawRule(key="", about="renewal", summary="", source="", url="", every_months=6)
        return notice_days.is_last_of_stretch(half, months_paid=paid, term_months=term)
    return wish == "every" or term >= MONTHS["year"]


def _months_between(began: datetime, renews_at: datetime) -> int:
    """To the nearest month."""
    return intervals.months_between(began, renews_at + timedelta(days=3))
