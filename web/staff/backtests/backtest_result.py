"""The result of a simulation in words: its cost, and who would be better or worse off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from components.foundation.formatting import money
from components.insights.backtests.backtest_result import BacktestResult, OfKind, OfPlan, ResultChange
from components.insights.backtests.rule_drafts import Drafted


@dataclass(frozen=True, kw_only=True)
class Figure:
    label: str
    figure: str
    more: str


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """A line of a total: with the current rules, with the scenario, and the difference. `note` says how often."""

    name: str
    now: str
    drafted: str
    change: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ByPlan:
    """`parts` are the costs by kind of benefit; they add up to `cost`."""

    name: str
    orders: int
    lines: int
    parts: tuple[str, ...]
    cost: str


@dataclass(frozen=True, kw_only=True)
class MovedMember:
    """A person or product. `beside` is the rewards given apart from the price, now and in the scenario; "" for none."""

    name: str
    now: int
    drafted: int
    beside: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Unpriced:
    name: str
    now: str
    drafted: str


@dataclass(frozen=True, kw_only=True)
class BacktestResultView:
    headline: str
    lead: str
    figures: tuple[Figure, ...]
    costs: tuple[Amounts, ...]
    cost: Amounts
    margins: tuple[Amounts, ...]
    margin: Amounts
    known: str
    plans: tuple[ByPlan, ...]
    people: tuple[MovedMember, ...]
    products: tuple[MovedMember, ...]
    unpriced: tuple[Unpriced, ...]
    assumed: tuple[str, ...]


def result_view(draft: Drafted) -> BacktestResultView | None:
    outcome = draft.outcome
    if outcome is None:
        return None
    return BacktestResultView(
        headline=_headline(outcome.cost, draft.days),
        lead=_lead(outcome),
        figures=_figures(outcome),
        costs=tuple(_of_kind(one) for one in outcome.kinds if one.has_money),
        cost=_total("Cost", (one for one in outcome.kinds)),
        margins=tuple(_margins(outcome)),
        margin=_amounts("Margin", outcome.margin_now, outcome.margin_drafted),
        known=costs_known_text(outcome, draft.cost_share),
        plans=tuple(_of_plan(one) for one in outcome.plans),
        people=tuple(_moved(one) for one in outcome.people),
        products=tuple(_sold(one) for one in outcome.products),
        unpriced=tuple(_unpriced(one) for one in outcome.kinds if not one.has_money),
        assumed=(*_ALWAYS, *dict.fromkeys(one.assumed for one in outcome.kinds if one.assumed)),
    )


def costs_known_text(outcome: BacktestResult, share: int) -> str:
    """For how many lines the product cost is known."""
    known = outcome.known
    told = f"Cost known for {known.kept + known.today:,} of {outcome.lines:,} lines"
    if known.today:
        told += f" (for {known.today:,} of them, today’s cost)"
    rest = f"; {share / 100:g}% of the shop price is assumed for the rest" if known.share else ""
    gifts = any(one.has_unknown_costs for one in outcome.kinds)
    return f"{told}{rest}.{' Some gifts have no known cost; the same percentage is assumed for them.' if gifts else ''}"


_ALWAYS = (
    "Customers would have bought the same products at the same times.",
    "Percentages are based on the shop price on the day. Both columns apply their rules to all of these orders, as "
    "if they had always applied; what customers really paid may differ if the rules have changed since.",
    "Coupon discounts stay as they were. They are not part of the figures above, except that no cashback is given "
    "on amounts covered by a coupon or store credit.",
)


def _headline(cost: int, days: int) -> str:
    if not cost:
        return f"Over the last {days} days it would have cost you nothing"
    if cost < 0:
        return f"Over the last {days} days it would have brought in {money(-cost)}"
    return f"Over the last {days} days it would have cost you {money(cost)}"


def _lead(outcome: BacktestResult) -> str:
    winning, losing = outcome.people_winning, outcome.people_losing
    if not winning and not losing:
        return "No customer or member would have noticed a difference."
    return f"{_people(winning)} would have been better off, {_people(losing).lower()} worse off."


def _people(number: int) -> str:
    return {0: "No one", 1: "1 person"}.get(number, f"{number:,} people")


def _figures(outcome: BacktestResult) -> tuple[Figure, ...]:
    margin = outcome.margin_drafted - outcome.margin_now
    return (
        Figure(label="Cost", figure=money(outcome.cost), more="Compared with the current rules."),
        Figure(
            label="Margin",
            figure=money(outcome.margin_drafted),
            more=f"{_change(margin)}, from {money(outcome.margin_now)}",
        ),
        Figure(label="Better off", figure=f"{outcome.people_winning:,}", more="people would pay less or get more"),
        Figure(label="Worse off", figure=f"{outcome.people_losing:,}", more="people would pay more or get less"),
    )


def _of_kind(one: OfKind) -> Amounts:
    notes = one.words_drafted
    if one.words_now and one.words_now != one.words_drafted:
        notes = f"{one.words_drafted}; now {one.words_now}"
    return _amounts(one.name, one.now, one.drafted, note=notes)


def _total(name: str, kinds: Iterable[OfKind]) -> Amounts:
    every = tuple(kinds)
    return _amounts(name, sum(one.now for one in every), sum(one.drafted for one in every))


def _amounts(name: str, now: int, drafted: int, *, note: str = "") -> Amounts:
    change = _change(drafted - now)
    return Amounts(name=name, now=money(now), drafted=money(drafted), change=change, note=note)


def _margins(outcome: BacktestResult) -> Iterator[Amounts]:
    """Lines that add up to the margin: what is taken off stands below zero."""
    yield _amounts("Products and delivery before tax", outcome.sales_now, outcome.sales_drafted)
    yield _amounts("Cost of products", -outcome.cost_of_goods, -outcome.cost_of_goods)
    for one in outcome.given:
        yield _amounts(one.name, -one.now, -one.drafted)


def _of_plan(one: OfPlan) -> ByPlan:
    parts = tuple(f"{of_kind.name} {money(of_kind.cost)}" for of_kind in one.kinds if of_kind.cost)
    return ByPlan(name=one.name, orders=one.orders, lines=one.lines, parts=parts, cost=money(one.cost))


def _moved(one: ResultChange) -> MovedMember:
    beside = f"{money(one.given_now)} → {money(one.given_drafted)}" if one.given_now or one.given_drafted else ""
    return MovedMember(name=one.name, now=one.now, drafted=one.drafted, beside=beside, words=gain_text(one))


def _sold(one: ResultChange) -> MovedMember:
    words = f"{money(abs(one.gain))} {'less' if one.gain > 0 else 'more'}"
    return MovedMember(name=one.name, now=one.now, drafted=one.drafted, beside="", words=words)


def gain_text(one: ResultChange) -> str:
    """Payments and rewards are kept apart: "saves £7.20 and gets £3.00 more"."""
    paid, given = one.now - one.drafted, one.given_drafted - one.given_now
    parts = []
    if paid:
        parts.append(f"saves {money(paid)}" if paid > 0 else f"pays {money(-paid)} more")
    if given:
        parts.append(f"gets {money(given)} more" if given > 0 else f"gets {money(-given)} less")
    return " and ".join(parts)


def _unpriced(one: OfKind) -> Unpriced:
    return Unpriced(
        name=one.name,
        now=_held(one.words_now, one.holders_now),
        drafted=_held(one.words_drafted, one.holders_drafted),
    )


def _held(words: str, holders: int) -> str:
    if not holders:
        return "No one had it"
    return f"{words}; {holders:,} {'person' if holders == 1 else 'people'} had it"


def _change(amount: int) -> str:
    return "no change" if not amount else f"{'+' if amount > 0 else '−'}{money(abs(amount))}"
