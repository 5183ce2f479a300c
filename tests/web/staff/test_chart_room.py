"""The arithmetic of charts: round numbers beside the axis, and every value where it belongs."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.brand import colours, palette, ready_palettes
from web.staff.reports.charts import columns
from web.staff.reports.charts.axis import axis
from web.staff.reports.charts.columns import ChartColumn, WaterfallStep
from web.staff.reports.charts.units import Unit

PLAIN = Unit(str, str, 1)
CSS = Path(__file__).parents[3] / "static" / "css" / "staff"
VALUES = st.integers(-10_000_000, 10_000_000)


@given(VALUES, VALUES, st.sampled_from([1, 100]))
def test_an_axis_covers_its_values_in_few_round_steps_with_zero_among_them(one: int, other: int, least: int) -> None:
    low, high = sorted((one, other))
    made = axis(low, high, least_step=least)
    assert made.low <= low and made.high >= high and 0 in made.ticks
    assert 2 <= len(made.ticks) <= 8
    steps = {b - a for a, b in pairwise(made.ticks)}
    (step,) = steps
    assert step % least == 0 and str(step // least).rstrip("0") in {"1", "2", "5"}


@pytest.mark.parametrize(
    ("low", "high", "ticks"), [(0, 0, (0, 1)), (0, 98, (0, 20, 40, 60, 80, 100)), (-3, 7, (-4, -2, 0, 2, 4, 6, 8))]
)
def test_known_axes(low: int, high: int, ticks: tuple[int, ...]) -> None:
    assert axis(low, high).ticks == ticks


def test_bars_stand_on_each_other_and_lose_nothing() -> None:
    made = [ChartColumn("January", "Jan", (30, 20, None)), ChartColumn("February", "Feb", (10, -5, 0))]
    for here in columns.bars(made, ("A", "B", "C"), PLAIN):
        first, second = here.marks
        below, above = first.shapes
        assert above.y + above.height == pytest.approx(below.y, abs=0.2)
        a_unit = below.height / 30
        assert above.height == pytest.approx(20 * a_unit, rel=0.03)
        zero = next(tick.at for tick in here.up if tick.is_zero)
        assert below.y + below.height == pytest.approx(zero, abs=0.2)
        assert second.shapes[1].y == pytest.approx(zero, abs=0.2), "below zero"
        assert first.label.startswith("January: 50; ") or first.label.startswith("January: 50  ·")
        assert [tick.words for tick in here.across] == ["Jan", "Feb"]


@given(st.lists(st.integers(-5_000, 5_000), max_size=9), st.integers(0, 20_000))
def test_a_waterfall_ends_where_its_steps_lead(moves: list[int], start: int) -> None:
    end = start + sum(moves)
    steps = [
        WaterfallStep("Start", "Start", start, is_level=True),
        *(WaterfallStep(f"{n}", f"{n}", one) for n, one in enumerate(moves)),
        WaterfallStep("End", "End", end, is_level=True),
    ]  # fmt: skip
    for here in columns.waterfall(steps, PLAIN):
        assert len(here.marks) == len(steps) and len(here.lines) == len(steps) - 1
        last_of_lines = float(here.lines[-1].points.split()[1].split(",")[1])
        level = here.marks[-1].shapes[0]
        edge = level.y if end >= 0 else level.y + level.height
        assert last_of_lines == pytest.approx(edge, abs=1)
        assert here.marks[-1].words == (f"End: {end}",)


@given(st.lists(st.integers(-500_000, 500_000), min_size=1, max_size=9), st.integers(0, 2_000_000))
def test_every_bar_of_a_waterfall_has_its_value_and_none_touches_another_or_a_bar(moves: list[int], start: int) -> None:
    steps = [
        WaterfallStep("Start", "Start", start, is_level=True),
        *(WaterfallStep(f"{n}", f"{n}", one) for n, one in enumerate(moves)),
        WaterfallStep("End", "End", start + sum(moves), is_level=True),
    ]  # fmt: skip
    for here in columns.waterfall(steps, PLAIN):
        boxes = []
        for mark in here.marks:
            assert mark.above is not None
            middle, foot, said = mark.above
            half = len(said) * columns.NUMERAL / 2
            boxes.append((middle - half, middle + half, foot - columns.TALL, foot))
        bars = [(one.x, one.x + one.width, one.y, one.y + one.height) for mark in here.marks for one in mark.shapes]
        for n, box in enumerate(boxes):
            others = [*boxes[:n], *bars]
            assert not any(overlap(box, other) for other in others), (box, others)


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """By more than the rounding of places."""
    across, down = min(one[1], other[1]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[2], other[2])
    return across > 0.2 and down > 1.5


def test_a_line_leaves_out_what_is_not_known() -> None:
    made = [
        ChartColumn("0", "0", (10_000, 10_000)),
        ChartColumn("1", "1", (None, 8_000)),
        ChartColumn("2", "2", (None, 7_000)),
    ]
    for here in columns.curves(made, ("Seen", "Model"), PLAIN):
        assert [len(line.points.split()) for line in here.lines] == [1, 3]
        assert "Seen" not in here.marks[1].label and "Model 8000" in here.marks[1].label


@given(st.integers(1, 62), st.integers(1, 14))
def test_names_under_the_axis_never_touch(number: int, letters: int) -> None:
    made = [ChartColumn(f"{n}", "x" * letters, (n,)) for n in range(number)]
    for here in columns.bars(made, ("A",), PLAIN):
        places = [tick.at for tick in here.across]
        assert places and here.marks[-1].x + here.marks[-1].width / 2 == pytest.approx(places[-1], abs=0.2)
        assert all(b - a >= letters * 6.7 for a, b in pairwise(places))


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=16), min_size=1, max_size=12))
def test_every_step_of_a_waterfall_has_its_name_and_none_touches_another(names: list[str]) -> None:
    for here in columns.waterfall([WaterfallStep(name, name, 1) for name in names], PLAIN):
        assert [tick.words for tick in here.across] == names
        for row in {tick.row for tick in here.across}:
            beside = [tick for tick in here.across if tick.row == row]
            for one, other in pairwise(beside):
                assert other.at - one.at >= (len(one.words) + len(other.words)) / 2 * 6.7
        assert here.height >= here.bottom + 17 * (1 + max(tick.row for tick in here.across))


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=62))
def test_whatever_is_drawn_stays_within_the_drawing(values: list[int]) -> None:
    for here in columns.bars([ChartColumn(f"{n}", f"{n}", (one,)) for n, one in enumerate(values)], ("A",), PLAIN):
        for mark in here.marks:
            assert here.left <= mark.x and mark.x + mark.width <= here.width
            for shape in mark.shapes:
                assert here.top - 0.2 <= shape.y and shape.y + shape.height <= here.bottom + 1


def series() -> dict[str, tuple[str, str]]:
    found = re.findall(r"--(series-\d): light-dark\((#\w+), (#\w+)\)", (CSS / "chart.css").read_text())
    return {name: (light, dark) for name, light, dark in found}


def test_every_series_stands_out_from_the_ground_of_every_palette() -> None:
    assert len(series()) == 6
    for one in ready_palettes.PALETTES:
        made = palette.derived(one.chosen)
        for name, (light, dark) in series().items():
            for ground in ("surface", "paper"):
                assert colours.contrast(light, made.light[ground]) >= 3, (one, name, "light")
                assert colours.contrast(dark, made.dark[ground]) >= 3, (one, name, "dark")


def _mixed(one: str, other: str, share: float) -> str:
    """As `color-mix(in oklab, …)`, near enough: both are nearly grey of one hue."""
    a, b = colours.tone(one), colours.tone(other)
    return colours.Tone(
        a.lightness * share + b.lightness * (1 - share), a.chroma * share + b.chroma * (1 - share), a.hue
    ).hex


def test_words_can_be_read_on_every_shade_of_the_heat_map() -> None:
    sheet = (CSS / "heat.css").read_text()
    (full,) = re.findall(r"--heat-full: light-dark\((#\w+), (#\w+)\)", sheet)
    (words,) = re.findall(r"color: light-dark\((#\w+), (#\w+)\)", sheet)
    steps = [0, *(int(share) for share in re.findall(r"--heat: (\d+)%", sheet))]
    assert len(steps) == 11
    for one in ready_palettes.PALETTES:
        made = palette.derived(one.chosen)
        for place, share in enumerate(steps):
            for n, tones in enumerate((made.light, made.dark)):
                shade = _mixed(full[n], tones["surface"], share / 100)
                written = ("#ffffff" if words[n] == "#fff" else words[n]) if place >= 7 else tones["ink"]
                assert colours.contrast(written, shade) >= 4.5, (one, place, n)
