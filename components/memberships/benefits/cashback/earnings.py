"""What past orders would have earned, calculated as orders earn. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from components.foundation.money import share_of
from components.ledger.cashback import Cap
from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, PastPurchase, PastUse, Promise
from components.memberships.benefits.cashback.cashback_settings import CashbackSettings, cap_of


@dataclass(frozen=True, slots=True)
class _Lot:
    amount: int
    of: PastPurchase


@dataclass
class _Earned:
    """By person and benefit: what was on record before these days, and what orders earn in them by these rules."""

    before: dict[tuple[UUID, UUID], list[PastUse]]
    lots: defaultdict[tuple[UUID, UUID], list[_Lot]] = field(default_factory=lambda: defaultdict(list))

    def room(self, cap: Cap, key: tuple[UUID, UUID], at: datetime) -> int:
        before = (use.amount for use in self.before.get(key, ()) if cap.since <= use.at < cap.until)
        lots = (lot for lot in self.lots[key] if cap.since <= lot.of.at < cap.until)
        return cap.amount - sum(before) - sum(lot.amount - lot.of.share_back(lot.amount, at) for lot in lots)

    def allowed(self, promise: Promise[CashbackSettings], purchase: PastPurchase, zone: ZoneInfo) -> int:
        """What the order would earn by this one, within what is left of its cap."""
        amount = share_of(purchase.base, promise.settings.rate)
        cap = cap_of(promise.settings, purchase.at, zone)
        return amount if cap is None else min(amount, self.room(cap, (purchase.person, promise.benefit), purchase.at))


def earnings(past: BacktestHistory[CashbackSettings]) -> Iterator[BacktestGrant]:
    """One for each order that earned something, net of its refunds. Only the best one counts."""
    earned = _Earned(_before(past))
    for purchase in past.purchases:
        held = past.held(purchase.plans)
        if not held:
            continue
        best_first = sorted(held, key=lambda one: (-one.settings.rate, str(one.benefit)))
        ways = [(earned.allowed(one, purchase, past.happened.zone), one) for one in best_first]
        amount, best = max(ways, key=lambda way: way[0])
        if amount > 0:
            earned.lots[purchase.person, best.benefit].append(_Lot(amount, purchase))
            kept = amount - purchase.share_back(amount)
            yield BacktestGrant(purchase.person, best.plan, best.benefit, purchase.at, cost=kept, worth=kept)


def _before(past: BacktestHistory[CashbackSettings]) -> dict[tuple[UUID, UUID], list[PastUse]]:
    found: dict[tuple[UUID, UUID], list[PastUse]] = {}
    for benefit in {one.benefit for one in past.promises}:
        for use in past.happened.uses.get(benefit, ()):
            if use.at <= past.happened.since:
                found.setdefault((use.person, benefit), []).append(use)
    return found
