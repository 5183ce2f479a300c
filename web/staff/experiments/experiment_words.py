"""What is known of an experiment, in words that claim no more than the figures do."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from components.experiments.confidence_sequences import FEWEST, ArmSum, SequenceInterval
from components.experiments.experiment_figures import GUARDS, SHARES
from components.experiments.experiment_results import ArmResult, ExperimentResults, GuardResult
from components.foundation import formatting
from components.foundation.formatting import money, number
from components.foundation.shop_settings import shop_settings
from web.staff.reports.charts import columns, units
from web.staff.reports.charts.columns import ChartColumn
from web.staff.reports.charts.drawing import Drawing
from web.staff.reports.charts.units import Unit

MOST_LOOKS = 40
MINUS = "\u2212"
VERBS = {"joined": "joins", "kept": "keeps members", "money": "brings"}


@dataclass(frozen=True, slots=True)
class ExperimentRow:
    """One arm in the table of results."""

    name: str
    asked: str
    counted: str
    figure: str
    difference: str
    money: str


@dataclass(frozen=True, slots=True)
class GuardRow:
    arm: str
    guard: str
    ordinary: str
    theirs: str
    limit: str
    says: str


@dataclass(frozen=True, slots=True)
class ArmChart:
    """How one arm's interval became narrower, look by look."""

    key: str
    title: str
    drawings: tuple[Drawing, ...]
    looks: tuple[tuple[str, ...], ...]


PER_100 = Unit(lambda parts: f"{_points(parts / 10_000)} per 100", lambda parts: f"{parts / 100:g}", 100)
"""Of ten thousand people, as of a hundred: the same unit as in the table."""


def sentence(found: ExperimentResults, *, planned: int, least: int, is_over: bool) -> str:
    """What is known, of each arm; and once all who were `planned`, to find a difference of `least`, are counted,
    whether to go on."""
    yet = "Not known" if is_over else "Not yet known"
    if found.is_mismatched:
        return (
            "The arms don’t have the shares they should (p < 0.001): something keeps people out of one of them, so "
            "that no difference can be believed. Stop it and look for the reason."
        )
    if not found.has_enough:
        return f"{yet}: each arm needs at least {FEWEST} people whose days have passed."
    said = " ".join(_arm_sentence(one, found, yet.lower()) for one in found.arms[1:])
    return said if is_over else f"{said}{_going_on(found, planned, least)}"


def _going_on(found: ExperimentResults, planned: int, least: int) -> str:
    """Nothing before so many are counted as were planned: it would be too early."""
    counted = sum(one.counted.people for one in found.arms)
    if not planned or counted < planned:
        return ""
    head = f" {number(counted)} people are counted, and {number(planned)} were planned."
    if all(one.interval is not None and one.interval.is_certain for one in found.arms[1:]):
        return f"{head} You can stop it and decide."
    size = f"{least / 100:g} in 100" if found.is_share else f"{money(least)} a person"
    return (
        f"{head} A difference of {size}, the size you wanted to know, would have shown four times in five, so there is "
        "probably none as large, though anything in the brackets is still possible: stop it and keep the ordinary, or "
        "let it run on for a smaller difference."
    )


def _arm_sentence(one: ArmResult, found: ExperimentResults, yet: str) -> str:
    between = interval_words(one.interval, is_share=found.is_share)
    if one.interval is None or not one.interval.is_certain:
        return f"“{one.name}”: {yet} ({between})."
    verb = VERBS[found.figure]
    more = "more" if one.interval.middle > 0 else "less"
    if found.is_share and more == "less":
        more = "less often"
    elif found.is_share:
        more = "more often"
    return f"“{one.name}” {verb} {more}: {between}."


def interval_words(one: SequenceInterval | None, *, is_share: bool) -> str:
    """ "+1.2 to +3.9 per 100", "−£0.40 to +£1.10 a person"."""
    if one is None:
        return "too few"
    if is_share:
        return f"{_points(one.low)} to {_points(one.high)} per 100"
    return f"{_signed(round(one.low))} to {_signed(round(one.high))} a person"


def _points(share: float) -> str:
    tenths = round(share * 1000)
    return f"{MINUS if tenths < 0 else '+'}{abs(tenths) / 10:.1f}"


def _signed(minor: int) -> str:
    return f"{MINUS if minor < 0 else '+'}{money(abs(minor))}"


def _value(one: ArmSum, *, is_share: bool) -> str:
    if not one.people:
        return "–"
    if is_share:
        return f"{number(one.total)} ({one.mean * 100:.1f} per 100)"
    return f"{money(round(one.mean))} a person"


def rows(found: ExperimentResults) -> tuple[ExperimentRow, ...]:
    return tuple(
        ExperimentRow(
            one.name,
            number(one.asked),
            number(one.counted.people),
            _value(one.counted, is_share=found.is_share),
            interval_words(one.interval, is_share=found.is_share) if one.position else "",
            _value(found.money[one.position], is_share=False) if one.position in found.money else "–",
        )
        for one in found.arms
    )


def guard_rows(found: ExperimentResults) -> tuple[GuardRow, ...]:
    named = {one.position: one.name for one in found.arms}
    return tuple(_guard_row(one, named[one.position]) for one in found.guards)


def _guard_row(one: GuardResult, name: str) -> GuardRow:
    is_share = one.guard in SHARES
    limit = f"{one.limit / 100:g} more of 100" if is_share else f"{one.limit / 100:g}% less"
    says = "Passed" if one.is_hurt else "Too few yet" if one.interval is None else "Not passed"
    return GuardRow(
        name, GUARDS[one.guard], _value(one.control, is_share=is_share), _value(one.arm, is_share=is_share), limit, says
    )


def charts(found: ExperimentResults) -> tuple[ArmChart, ...]:
    made = [_chart(place, one, found) for place, one in enumerate(found.arms[1:])]
    return tuple(one for one in made if one.looks)


def _chart(place: int, arm: ArmResult, found: ExperimentResults) -> ArmChart:
    looks = [(one.day, known) for one in found.history if (known := one.intervals[place]) is not None]
    step = -(-len(looks) // MOST_LOOKS) or 1
    looks = looks[::-1][::step][::-1]
    scale, unit = (10_000, PER_100) if found.is_share else (1, units.money())
    drawn = columns.curves(
        [ChartColumn(*_named(day), (round(one.middle * scale),)) for day, one in looks],
        ("Difference",), unit,
        band=[(round(one.low * scale), round(one.high * scale)) for _, one in looks],
    )  # fmt: skip
    told = tuple(
        (_named(day)[0], *(unit.words(round(each * scale)) for each in (one.low, one.middle, one.high)))
        for day, one in looks
    )
    of = "of 100 people" if found.is_share else "a person"
    title = f"“{arm.name}”: difference to the ordinary, {of}"
    return ArmChart(f"arm-{arm.position}", title, drawn if looks else (), told)


def _named(day: date) -> tuple[str, str]:
    """In full, and short, as it is called in the shop."""
    noon = datetime.combine(day, time(12), ZoneInfo(shop_settings.current().time_zone))
    return formatting.day(noon), formatting.short_day(noon)
