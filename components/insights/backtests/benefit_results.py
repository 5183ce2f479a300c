"""What benefits would have given in the past with certain rules, as calculated by each kind. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from components.memberships.benefits.backtest import (
    BacktestEvents,
    BacktestHistory,
    BacktestOutcome,
    PastPurchase,
    Promise,
)
from components.memberships.benefits.kinds import all_kinds
from components.memberships.editing.plan_revisions import Rules


@dataclass(frozen=True, slots=True)
class KindResult:
    """`replayed` is None for a kind without a calculation; `is_priced` if prices or deliveries cover it."""

    replayed: BacktestOutcome | None
    holders: int
    is_priced: bool


def kinds_of(*rules: Rules) -> tuple[str, ...]:
    """The kinds in some rules, in the order staff see them."""
    wanted = {rule.kind for each in rules for rule in each}
    return tuple(key for key in all_kinds() if key in wanted)


def results(kind_key: str, rules: Rules, happened: BacktestEvents, purchases: Sequence[PastPurchase]) -> KindResult:
    of_kind, own = all_kinds()[kind_key], [rule for rule in rules if rule.kind == kind_key]
    promises = tuple(Promise(rule.plan, rule.benefit, rule.name, of_kind.load(rule.settings)) for rule in own)
    past = BacktestHistory(happened, promises, tuple(purchases))
    is_priced = any(rule.share.price_rules or rule.share.deliveries for rule in own)
    return KindResult(of_kind.replayed(past), past.holders(), is_priced)


def words_of(told: KindResult) -> str:
    if told.replayed is not None and told.replayed.words:
        return told.replayed.words
    return "" if told.is_priced else "No calculation is available for this type of benefit"


def has_money(ones: Iterable[KindResult]) -> bool:
    return any(given.cost or given.worth for one in ones if one.replayed for given in one.replayed.given)
