"""What came of a replay, in the words of somebody who keeps a shop: what it would have cost, who wins, who loses."""

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
    """A line of a sum: by today's rules, by the draft's, and the difference, in words. `note` says how often."""

    name: str
    now: str
    drafted: str
    change: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ByPlan:
    """`parts` are what its members would have cost, kind by kind; they add up to `cost`."""

    name: str
    orders: int
    lines: int
    parts: tuple[str, ...]
    cost: str


@dataclass(frozen=True, kw_only=True)
class MovedMember:
    """Somebody or some product. `beside` is what is given beside the price, now and in the draft; "" for nothing."""

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


def signed(amount: int) -> str:
    """ "−£3.00" below zero; the sign is the one that is read out."""
    return money(amount) if amount >= 0 else f"−{money(-amount)}"


def costs_known_text(outcome: BacktestResult, share: int) -> str:
    """How far what the pieces cost is known."""
    known = outcome.known
    told = f"Cost known for {known.kept + known.today:,} of {outcome.lines:,} lines"
    if known.today:
        told += f", for {known.today:,} of them as it is today"
    rest = f"; {share / 100:g} % of the shop price taken for the rest" if known.share else ""
    gifts = any(one.has_unknown_costs for one in outcome.kinds)
    return f"{told}{rest}.{' Some gifts have no cost of their own; the same share is taken for them.' if gifts else ''}"


_ALWAYS = (
    "People would have bought the same things at the same moments.",
    "A percentage counts from the shop’s price of that day. Both sides are these rules on those orders, as if they had "
    "always held; what people really paid may differ where the rules have changed since.",
    "Coupons took off what they did take off. They are no part of the figures above, except that cashback is not given "
    "for what a coupon or store credit paid.",
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
        return "Nobody who bought, or belongs to the club, would have noticed a difference."
    return f"{_people(winning)} would have come out better, {_people(losing).lower()} worse."


def _people(number: int) -> str:
    return {0: "Nobody", 1: "1 person"}.get(number, f"{number:,} people")


def _figures(outcome: BacktestResult) -> tuple[Figure, ...]:
    margin = outcome.margin_drafted - outcome.margin_now
    return (
        Figure(label="Cost", figure=signed(outcome.cost), more="What buyers would have got beside today’s rules."),
        Figure(
            label="Margin",
            figure=signed(outcome.margin_drafted),
            more=f"{_change(margin)}, from {signed(outcome.margin_now)}",
        ),
        Figure(label="Better off", figure=f"{outcome.people_winning:,}", more="people would keep or get more"),
        Figure(label="Worse off", figure=f"{outcome.people_losing:,}", more="people would pay more or get less"),
    )


def _of_kind(one: OfKind) -> Amounts:
    notes = one.words_drafted
    if one.words_now and one.words_now != one.words_drafted:
        notes = f"{one.words_drafted}; today {one.words_now}"
    return _amounts(one.name, one.now, one.drafted, note=notes)


def _total(name: str, kinds: Iterable[OfKind]) -> Amounts:
    every = tuple(kinds)
    return _amounts(name, sum(one.now for one in every), sum(one.drafted for one in every))


def _amounts(name: str, now: int, drafted: int, *, note: str = "") -> Amounts:
    change = _change(drafted - now)
    return Amounts(name=name, now=signed(now), drafted=signed(drafted), change=change, note=note)


def _margins(outcome: BacktestResult) -> Iterator[Amounts]:
    """Lines that add up to the margin: what is taken off stands below zero."""
    yield _amounts("Goods and delivery before tax", outcome.sales_now, outcome.sales_drafted)
    yield _amounts("What the pieces cost you", -outcome.cost_of_goods, -outcome.cost_of_goods)
    for one in outcome.given:
        yield _amounts(one.name, -one.now, -one.drafted)


def _of_plan(one: OfPlan) -> ByPlan:
    parts = tuple(f"{of_kind.name} {signed(of_kind.cost)}" for of_kind in one.kinds if of_kind.cost)
    return ByPlan(name=one.name, orders=one.orders, lines=one.lines, parts=parts, cost=signed(one.cost))


def _moved(one: ResultChange) -> MovedMember:
    beside = f"{money(one.given_now)} → {money(one.given_drafted)}" if one.given_now or one.given_drafted else ""
    return MovedMember(name=one.name, now=one.now, drafted=one.drafted, beside=beside, words=gain_text(one))


def _sold(one: ResultChange) -> MovedMember:
    words = f"{money(abs(one.gain))} {'less' if one.gain > 0 else 'more'}"
    return MovedMember(name=one.name, now=one.now, drafted=one.drafted, beside="", words=words)


def gain_text(one: ResultChange) -> str:
    """What is paid and what is given stay apart: "keeps £7.20 and gets £3.00 more"."""
    paid, given = one.now - one.drafted, one.given_drafted - one.given_now
    parts = []
    if paid:
        parts.append(f"keeps {money(paid)}" if paid > 0 else f"pays {money(-paid)} more")
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
        return "Nobody held it"
    return f"{words}; {holders:,} {'person' if holders == 1 else 'people'} held it"


def _change(amount: int) -> str:
    return "as now" if not amount else f"{'+' if amount > 0 else '−'}{money(abs(amount))}"
