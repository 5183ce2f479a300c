"""The bar above figures in which the period is chosen: a form of plain fields, and links for the usual periods."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from litestar import Request

from components.foundation import formatting
from components.insights.periods import programme
from components.insights.periods.chosen_period import COMPARED, PRESETS, BadPeriod, ChosenPeriod
from components.insights.periods.period_days import Days
from components.insights.periods.plan_flows import Flows
from components.memberships.plans import plan_catalogue
from components.segments import segments
from web import countries
from web.staff.reports.programme import taken_over_words

ASKED = ("from", "to", "period", "compare", "plan", "every", "country", "segment")
NAMES = {
    "from": "From", "to": "To", "period": "Period", "compare": "Compare with", "plan": "Plan", "every": "Paid",
    "country": "Country", "segment": "Segment",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeriodBar:
    """`words` say what is shown, `against` what it is compared with, `only` of what plan and interval it is, and
    `all_query` leads to all of them; `buyers` of whom, and `everybody_query` to everybody; `elsewhere` says who is in
    none; `wrong` is what cannot be used, by field. `countries` and `segments` are only there where they can be
    chosen."""

    presets: tuple[tuple[str, str, bool], ...]
    asked: Mapping[str, str]
    compares: tuple[tuple[str, str], ...]
    plans: tuple[tuple[str, str], ...]
    intervals: tuple[tuple[str, str], ...]
    words: str = ""
    against: str = ""
    only: str = ""
    all_query: str = ""
    countries: tuple[tuple[str, str], ...] = ()
    segments: tuple[tuple[str, str], ...] = ()
    country_label: str = ""
    buyers: str = ""
    elsewhere: str = ""
    everybody_query: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


def asked(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What the address asks for; what is there twice is taken once."""
    return {name: request.query_params.get(name, "")[:100] for name in ASKED}


async def chosen(request: Request[Any, Any, Any], *, is_of_some: bool = False) -> ChosenPeriod:
    """Raises `BadPeriod`."""
    return await programme.choose(asked(request), is_of_some=is_of_some)


BUYERS = ("Delivered to", "orders to {}", "customers who fit “{}” today")
MEMBERS = ("Last fee paid from", "members who paid their last fee from {}", "those who fit “{}” today")
"""How a country is asked for, and how both are said."""
NO_LONGER = (
    "Whoever left and no longer fits the segment is not in it: growth and churn look better than they were. Don’t "
    "compare them with those of everybody."
)


async def with_buyers(bar: PeriodBar, here: ChosenPeriod, words: tuple[str, str, str]) -> PeriodBar:
    """With the countries and segments to choose from, and in words which it is of."""
    named = {str(one.id): one.name for one in await segments.active()}
    if here.segment and here.segment not in named:
        named[here.segment] = (await segments.by_id(UUID(here.segment))).name
    parts = [
        *([words[1].format(countries.in_words(here.country))] if here.country else []),
        *([words[2].format(named[here.segment])] if here.segment else []),
    ]
    return replace(
        bar,
        asked={**bar.asked, "country": here.country, "segment": here.segment},
        country_label=words[0],
        countries=tuple(countries.choices()),
        segments=tuple(named.items()),
        buyers=f"Only {' of '.join(parts)}" if parts else "",
        elsewhere=await _elsewhere(here) if words is MEMBERS else "",
        everybody_query=here.of_everybody().query(),
    )


async def _elsewhere(here: ChosenPeriod) -> str:
    country = await taken_over_words.sentence() if here.country else ""
    return f"{country} {NO_LONGER}".strip() if here.segment else country


def bar(here: ChosenPeriod, flows: Flows) -> PeriodBar:
    days = {"from": here.days.first.isoformat(), "to": here.days.last.isoformat()}
    return PeriodBar(
        presets=tuple(
            (words, here.query(period=key) or "?period=" + key, key == here.preset) for key, words in PRESETS.items()
        ),
        asked={**days, "compare": here.compare, "plan": here.plan, "every": here.every},
        compares=tuple(COMPARED.items()),
        plans=_plans(),
        intervals=tuple((every, interval(every)) for every in flows.intervals()),
        words=span(here.days),
        against=span(here.compared) if here.compared else "",
        only=_only(here),
        all_query=here.without_filters().query(),
    )


def wrong_bar(request: Request[Any, Any, Any], refused: BadPeriod) -> PeriodBar:
    """With everything as it was written, and a sentence for each part that cannot be used."""
    written = asked(request)
    return PeriodBar(
        presets=tuple((words, f"?period={key}", False) for key, words in PRESETS.items()),
        asked={**written, "compare": written["compare"] or "previous"},
        compares=tuple(COMPARED.items()),
        plans=_plans(),
        intervals=(),
        wrong={NAMES.get(name, name): words for name, words in refused.fields.items()},
    )


def span(days: Days) -> str:
    """ "1 December 2025 – 30 November 2026"."""
    first, last = formatting.day(days.from_at), formatting.day(days.last_at)
    return first if days.first == days.last else f"{first} – {last}"


def interval(every: str) -> str:
    count, unit = every.split()
    return formatting.interval(unit, int(count))


def _paid(every: str) -> str:
    words = {"1 week": "weekly", "1 month": "monthly", "3 month": "quarterly", "1 year": "yearly"}
    return f"paid {words.get(every) or interval(every)}"


def _only(here: ChosenPeriod) -> str:
    """ "Only Circle Annual, paid yearly": nobody takes a part for the whole."""
    name = dict(_plans()).get(here.plan, here.plan)
    parts = [part for part in (name, _paid(here.every) if here.every else "") if part]
    return f"Only {', '.join(parts)}" if parts else ""


def _plans() -> tuple[tuple[str, str], ...]:
    return tuple((plan.slug, plan.name) for plan in plan_catalogue.all_plans() if not plan.is_free)
