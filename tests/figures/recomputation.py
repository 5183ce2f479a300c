"""Every metric of the shop, worked out a second time from raw rows. Shares no code with `components/insights`.

It reads base tables with SQL of its own, and looks at each person at each instant anew instead of keeping a ledger.
Amounts are minor units; months begin at midnight in London.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
KINDS = ("new", "adopted", "expansion", "reactivation", "resume", "contraction", "pause", "churn")
Rows = list[dict[str, Any]]


def monthly(fee: int, interval: str, count: int) -> int:
    months = {"year": Decimal(12), "month": Decimal(1), "week": Decimal(12 * 7 * 400) / Decimal(146097)}
    if interval not in months:
        return 0
    return int((Decimal(fee) / (months[interval] * count)).quantize(Decimal(1), ROUND_HALF_UP))


def yearly(fee: int, interval: str, count: int) -> int:
    """The fee of a year, from the fee itself: a week is a share of the 400 years after which the calendar repeats."""
    a_year = {"year": Decimal(1), "month": Decimal(12), "week": Decimal(146097) / 7 / 400}
    if interval not in a_year:
        return 0
    return int((Decimal(fee) * a_year[interval] / count).quantize(Decimal(1), ROUND_HALF_UP))


def without_tax(gross: int, rate_bp: int) -> int:
    """Of a price with `rate_bp` of tax in it."""
    tax = (Decimal(gross) * rate_bp / (10_000 + rate_bp)).quantize(Decimal(1), ROUND_HALF_UP)
    return gross - int(tax)


def month_starts(last: datetime, number: int) -> list[datetime]:
    """The starts of `number` months, that of `last` being the last, and the start of the month after."""
    local = last.astimezone(LONDON)
    found = [datetime(local.year, local.month, 1, tzinfo=LONDON)]
    after = found[0] + timedelta(days=40)
    while len(found) < number:
        before = found[0] - timedelta(days=5)
        found.insert(0, datetime(before.year, before.month, 1, tzinfo=LONDON))
    return [*found, datetime(after.year, after.month, 1, tzinfo=LONDON)]


@dataclass
class Agreement:
    """One subscription as its rows tell it."""

    payer: UUID
    cancel_at: datetime | None
    owing_since: datetime | None
    stopped_by_hand: datetime | None = None
    periods: Rows = field(default_factory=list)
    memberships: Rows = field(default_factory=list)
    pauses: Rows = field(default_factory=list)

    def paid_at(self, period: dict[str, Any]) -> datetime:
        """When it starts to count: its start, unless it was paid hours later."""
        if period["is_opening"]:
            taken_over: datetime = period["paid_at"]
            return taken_over
        late = period["paid_at"] - period["starts_at"] >= timedelta(hours=6)
        moment: datetime = period["paid_at"] if late else period["starts_at"]
        return moment

    def taken_over(self) -> list[datetime]:
        """When it came from elsewhere, with a period that had been paid there."""
        return [one["paid_at"] for one in self.periods if one["is_opening"]]

    def begins(self) -> datetime | None:
        return min((self.paid_at(one) for one in self.periods if one["amount"] > 0 or one["is_opening"]), default=None)

    def fee(self, at: datetime, over: Callable[[int, str, int], int] = monthly) -> int:
        begins = self.begins()
        if begins is None or at < begins:
            return 0
        known = [one for one in self.periods if begins <= self.paid_at(one) <= at]
        newest = sorted(known, key=lambda one: one["starts_at"])[-1]
        return over(newest["net_price"], newest["interval"], newest["interval_count"])

    def on_hold(self, at: datetime) -> bool:
        return any(one["begun_at"] <= at and (one["ended_at"] is None or at < one["ended_at"]) for one in self.pauses)

    def stops(self) -> list[tuple[datetime, datetime | None]]:
        """From each end of a membership that nothing follows within the hour, until it is held again."""
        found = []
        for one in self.memberships:
            end = one["ends_at"]
            if end is None:
                continue
            others = [each for each in self.memberships if each is not one]
            if any(o["starts_at"] <= end + HOUR and (o["ends_at"] is None or o["ends_at"] > end) for o in others):
                continue
            from_at = next((p["begun_at"] for p in self.pauses if abs(p["begun_at"] - end) <= HOUR), end)
            later = sorted(o["starts_at"] for o in others if o["starts_at"] > end + HOUR)
            found.append((from_at, self._again(from_at, later[0]) if later else None))
        return found

    def _again(self, after: datetime, held: datetime) -> datetime:
        """What brought it back was before it was held again: a payment, or the end of a pause."""
        begins = self.begins()
        moments = [self.paid_at(one) for one in self.periods if begins and self.paid_at(one) >= begins]
        moments += [one["ended_at"] for one in self.pauses if one["ended_at"]]
        return min((one for one in moments if after < one <= held), default=held)

    def pays(self, at: datetime, over: Callable[[int, str, int], int] = monthly) -> int:
        if self.on_hold(at) or any(a <= at and (b is None or at < b) for a, b in self._stops):
            return 0
        return self.fee(at, over)

    @property
    def _stops(self) -> list[tuple[datetime, datetime | None]]:
        if not hasattr(self, "_known_stops"):
            self._known_stops = self.stops()
        return self._known_stops

    def moments(self) -> set[datetime]:
        found = {self.paid_at(one) for one in self.periods}
        found |= {moment for one in self.pauses for moment in (one["begun_at"], one["ended_at"]) if moment}
        return found | {moment for stop in self._stops for moment in stop if moment}

    def why(self, at: datetime) -> str:
        if self.cancel_at and self.cancel_at <= at + HOUR:
            return "cancelled"
        if self.stopped_by_hand and at >= self.stopped_by_hand - HOUR:
            return "cancelled"
        if self.owing_since and self.owing_since <= at:
            return "payment failed"
        paid = sorted((one for one in self.periods if self.paid_at(one) <= at), key=lambda one: one["starts_at"])
        if not paid:
            return "cancelled"
        start, until = paid[-1]["starts_at"], paid[-1]["ends_at"]
        for one in self.pauses:
            if one["ended_at"] and start <= one["begun_at"] <= until:
                until += one["ended_at"] - one["begun_at"]
        return "payment failed" if until < at - HOUR else "cancelled"


@dataclass(frozen=True)
class Turn:
    """A change of what a person pays a month."""

    person: UUID
    at: datetime
    before: int
    after: int
    kind: str
    because: str


class Books:
    """All people, as of an instant."""

    def __init__(self, agreements: dict[UUID, list[Agreement]], now: datetime) -> None:
        self.people, self.now = agreements, now
        self.turns = sorted(
            (turn for person, known in agreements.items() for turn in self._merged(self._turns(person, known))),
            key=lambda turn: turn.at,
        )

    def _turns(self, person: UUID, known: list[Agreement]) -> list[Turn]:
        found: list[Turn] = []
        balance, held = 0, None
        for at in sorted(moment for one in known for moment in one.moments() if moment <= self.now):
            total = sum(one.pays(at) for one in known)
            if total == balance:
                continue
            resting = next((one for one in known if one.on_hold(at)), None)
            because = ""
            if total == 0:
                kind = "pause" if resting else "churn"
                if kind == "churn":
                    gone = [one for one in known if any(stop[0] == at for stop in one.stops())]
                    because = gone[-1].why(at) if gone else "cancelled"
            elif balance == 0:
                takeovers = [self_at for one in known for self_at in one.taken_over()]
                kind = "reactivation" if found or any(moment < at for moment in takeovers) else "new"
                kind = "adopted" if at in takeovers else kind
                kind = "resume" if held is not None and held.pays(at) else kind
            else:
                kind = "expansion" if total > balance else "contraction"
            found.append(Turn(person, at, balance, total, kind, because))
            held = resting if kind == "pause" else None
            balance = total
        return found

    @staticmethod
    def _merged(turns: list[Turn]) -> list[Turn]:
        """Those within an hour of the first count as one."""
        groups: list[list[Turn]] = []
        for turn in turns:
            if groups and turn.at - groups[-1][0].at <= HOUR:
                groups[-1].append(turn)
            else:
                groups.append([turn])
        found = []
        for group in groups:
            first, last = group[0], group[-1]
            kind = first.kind if not first.before else last.kind
            if first.before and last.after:
                kind = "expansion" if last.after > first.before else "contraction"
            if first.before != last.after:
                found.append(Turn(first.person, first.at, first.before, last.after, kind, last.because))
        return found

    # questions

    def balances(self, before: datetime) -> dict[UUID, int]:
        found: dict[UUID, int] = {}
        for turn in self.turns:
            if turn.at < before:
                found[turn.person] = turn.after
        return {person: amount for person, amount in found.items() if amount}

    def balances_by_looking(self, at: datetime) -> dict[UUID, int]:
        """Without any turn: what each person pays at the instant."""
        found = {person: sum(one.pays(at) for one in known) for person, known in self.people.items()}
        return {person: amount for person, amount in found.items() if amount}

    def moved(self, from_at: datetime, until: datetime) -> dict[str, int]:
        found = dict.fromkeys(KINDS, 0)
        for turn in self.turns:
            if from_at <= turn.at < until:
                found[turn.kind] += turn.after - turn.before
        return found

    def left(self, from_at: datetime, until: datetime) -> tuple[int, int]:
        """Members at the start, and those of them who churned before the end."""
        members = set(self.balances(from_at))
        gone = {turn.person for turn in self.turns if from_at <= turn.at < until and turn.kind == "churn"}
        return len(members), len(members & gone)

    def reasons(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for turn in self.turns:
            if turn.kind == "churn":
                found[turn.because] += 1
        return dict(found)

    def cohort(self, from_at: datetime, until: datetime) -> dict[UUID, int]:
        """Who paid for the first time in the month, and what they paid then."""
        first: dict[UUID, Turn] = {}
        for turn in self.turns:
            first.setdefault(turn.person, turn)
        new = {person: turn for person, turn in first.items() if turn.kind != "adopted"}
        return {person: turn.after for person, turn in new.items() if from_at <= turn.at < until}

    def fee_ltv(self) -> int | None:
        now = self.balances(self.now + timedelta(microseconds=1))
        shares = []
        starts = month_starts(self.now, 7)
        for from_at, until in pairwise(starts[:7]):
            members, gone = self.left(from_at, until)
            if members:
                shares.append(Decimal(gone) / members)
        if len(now) < 30 or len(shares) < 6 or not sum(shares):
            return None
        return int((Decimal(sum(now.values())) / len(now) / (sum(shares) / 6)).quantize(Decimal(1), ROUND_HALF_UP))
