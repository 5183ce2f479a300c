"""The period that an address asks for, the one it is compared with, and the filters beside them. Pure.

Nothing here reads a clock: today is given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from components.foundation.intervals import months_later
from components.foundation.refusals import Refusal
from components.foundation.shop_settings.setting_rules import COUNTRIES
from components.insights.periods.period_days import DAY, Days, month_of

PRESETS = {
    "30-days": "Last 30 days",
    "this-month": "This month",
    "last-month": "Last month",
    "12-months": "Last 12 months",
    "year": "Year to date",
    "all": "All time",
}
COMPARED = {"previous": "Period before", "year": "Year before", "none": "Nothing"}
USUAL = "12-months"
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EVERY = re.compile(r"[1-9]\d{0,2} (week|month|year)")


class BadPeriod(Refusal):
    """`fields` has a sentence for each part of the address that cannot be used."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__(" ".join(fields.values()))


@dataclass(frozen=True, slots=True)
class ChosenPeriod:
    """`preset` is empty for days of one's own; `compared` what it is beside; `plan` a slug and `every` such as
    "1 year", both empty for all. `country` is a code and `segment` an id: of sales only, and empty for all."""

    days: Days
    preset: str
    compare: str
    compared: Days | None
    plan: str = ""
    every: str = ""
    country: str = ""
    segment: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.plan or self.every)

    @property
    def is_of_buyers(self) -> bool:
        """Only some of those who buy are meant."""
        return bool(self.country or self.segment)

    def query(self, **changes: str) -> str:
        """As the rest of an address, with what is usual left out."""
        asked = {"period": self.preset, "compare": self.compare, "plan": self.plan, "every": self.every}
        asked |= {"country": self.country, "segment": self.segment}
        if not self.preset:
            asked |= {"from": self.days.first.isoformat(), "to": self.days.last.isoformat()}
        asked |= changes
        if "period" in changes:
            asked |= {"from": "", "to": ""}
        usual = {"period": USUAL, "compare": "previous"}
        kept = {key: value for key, value in asked.items() if value and value != usual.get(key)}
        return f"?{urlencode(kept)}" if kept else ""

    def without_filters(self) -> "ChosenPeriod":
        return replace(self, plan="", every="")

    def of_everybody(self) -> "ChosenPeriod":
        return replace(self, country="", segment="")


def parse(asked: Mapping[str, str], *, now: datetime, began: datetime | None, zone: ZoneInfo) -> ChosenPeriod:
    """Of `from`, `to`, `period`, `compare`, `plan`, `every`, `country` and `segment`.

    `began` is when anything first was. One's own days come before a preset; one of them alone is taken with the
    beginning or with today. Days that are still to come are cut off. Raises `BadPeriod`.
    """
    today = now.astimezone(zone).date()
    since = min(today, began.astimezone(zone).date() if began else today)
    wrong = dict[str, str]()
    first, last = _day(asked, "from", wrong), _day(asked, "to", wrong)
    preset, compare = asked.get("period", ""), asked.get("compare", "") or "previous"
    if preset and preset not in PRESETS:
        wrong["period"] = f"Choose one of these periods: {', '.join(PRESETS)}."
    if compare not in COMPARED:
        wrong["compare"] = f"Compare with one of these: {', '.join(COMPARED)}."
    every = asked.get("every", "")
    if every and not _EVERY.fullmatch(every):
        wrong["every"] = "Write the interval as “1 month” or “1 year”."
    country, segment = asked.get("country", ""), asked.get("segment", "")
    if country and country not in COUNTRIES:
        wrong["country"] = "Choose a country from the list, or write its two letters: GB."
    if segment and not _ID.fullmatch(segment):
        wrong["segment"] = "There is no such segment. Choose one of those listed."
    if not wrong and (first or last):
        preset = ""
        first, last = first or min(since, last or since), last or today
        if first > last:
            wrong["to"] = "The period ends before it begins. Choose a later last day."
        elif first > today:
            wrong["from"] = "This day is still to come. Choose today or an earlier day."
    if wrong:
        raise BadPeriod(wrong)
    preset = preset if first else preset or USUAL
    days = Days(first, min(last, today), zone) if first and last else _preset(preset, today, since, zone)
    compared = _compared(days, compare, preset)
    plan = asked.get("plan", "")
    return ChosenPeriod(days, "" if first else preset, compare, compared, plan, every, country, segment)


def _day(asked: Mapping[str, str], name: str, wrong: dict[str, str]) -> date | None:
    written = asked.get(name, "").strip()
    if not written:
        return None
    try:
        found = datetime.strptime(written, "%Y-%m-%d").date() if len(written) == len("2026-11-30") else None
    except ValueError:
        found = None
    if found is None:
        wrong[name] = "Write the day as year, month and day: 2026-11-30."
    elif not EARLIEST <= found <= LATEST:
        wrong[name] = "Choose a day between the years 2000 and 2199."
    return found


def _preset(preset: str, today: date, since: date, zone: ZoneInfo) -> Days:
    month = month_of(today)
    first, last = {
        "30-days": (today - 29 * DAY, today),
        "this-month": (month, today),
        "last-month": (months_later(month, -1), month - DAY),
        "12-months": (months_later(month, -11), today),
        "year": (today.replace(month=1, day=1), today),
        "all": (since, today),
    }[preset]
    return Days(first, last, zone)


def _compared(days: Days, compare: str, preset: str) -> Days | None:
    """What begins on the first of a month is compared month by month, anything else with as many days."""
    if compare == "none" or preset == "all":
        return None
    if compare == "year":
        found = _moved(days, 12)
    elif days.first.day == 1 and preset != "30-days":
        months = (days.last.year - days.first.year) * 12 + days.last.month - days.first.month + 1
        found = _moved(days, 12 if preset == "year" else months)
    else:
        found = Days(days.first - days.number * DAY, days.first - DAY, days.zone)
    return found if found.first >= EARLIEST else None


def _moved(days: Days, months: int) -> Days:
    """So many months earlier: the last day of a month stays one."""
    ends_month = (days.last + DAY).day == 1
    last = months_later(days.last, -months)
    if ends_month:
        last = months_later(month_of(last), 1) - DAY
    return Days(months_later(days.first, -months), last, days.zone)
