"""The lives of the members of a shop over five years, as the rows that they leave: all drawn from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import intervals

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
VAT = 2000
NOBODY = UUID(int=0)
LENGTHS = {"monthly": ("month", 1), "annual": ("year", 1), "large": ("month", 1), "quarter": ("month", 3),
           "weekly": ("week", 1), "half": ("month", 6)}  # fmt: skip
SHARES = {"monthly": 45, "annual": 30, "large": 12, "quarter": 6, "weekly": 3, "half": 4}
DEARER = {"monthly": "large", "quarter": "half", "weekly": "monthly", "large": "annual", "half": "annual"}
CHEAPER = {"large": "monthly", "annual": "half", "half": "quarter"}

PERSON = "INSERT INTO person (id, email, name, created_at) VALUES ($1, $2, $3, $4)"
SUBSCRIPTION = """INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at, started_at)
  VALUES ($1, $2, $3, $4, 1, $5, $5)"""
STATUS = """UPDATE subscription SET status = $2, past_due_since = $3, cancel_at = $4, ended_at = $5, plan_version = $6
  WHERE id = $1"""
MEMBERSHIP = """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
  SELECT $1, $2, plan, $3, $4, $5, $6 FROM plan_version WHERE id = $7"""
HELD_UNTIL = "UPDATE membership SET ends_at = $2 WHERE id = $1"
PAID = """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
  plan_version, net_amount, net_price, is_partial, tax_country, taxes)
  VALUES ($1, $2, $3, $4, $5, $6, 'GBP', $7, $8, $9, $10, $11, 'GB', CASE WHEN $6::bigint = $9::bigint THEN '[]'
    ELSE jsonb_build_array(jsonb_build_object('name', 'VAT', 'rate_bp', 2000, 'tax', $6::bigint - $9::bigint)) END)"""
CUT = "UPDATE paid_period SET ends_at = $2 WHERE id = $1"
PAUSE = "INSERT INTO pause (id, subscription, from_at, until_at, begun_at) VALUES ($1, $2, $3, $4, $3)"
BACK = "UPDATE pause SET ended_at = $2 WHERE id = $1"
TRIAL = "INSERT INTO trial (id, person, subscription, email_key, at) VALUES ($1, $2, $3, $4, $5)"
CHANGE = """INSERT INTO plan_change (id, subscription, to_version, is_now, currency, asked_at, due_at)
  VALUES ($1, $2, $3, false, 'GBP', $4, $5)"""
CHANGED = "UPDATE plan_change SET applied_at = $2 WHERE id = $1"
MOVE = "INSERT INTO price_move (id, migration, subscription, told_at, renews_at) VALUES ($1, $2, $3, $4, $5)"
MOVED = "UPDATE price_move SET moved_at = $2 WHERE id = $1"
INVOICE = """INSERT INTO mirrored_invoice (stripe_id, subscription, local_id, reason, status, amount_paid, total,
  currency, payment_intent, created_at, mirrored_at)
  VALUES ($1, $1, $2, 'subscription_cycle', 'paid', $3, $3, 'GBP', $4, $5, $5)"""
REFUND = """INSERT INTO mirrored_refund (stripe_id, payment_intent, reference_id, status, amount, currency,
  created_at, mirrored_at) VALUES ($1, $2, $3, 'succeeded', $4, 'GBP', $5, $5)"""
FEE_REFUND = """INSERT INTO fee_refund (id, subscription, invoice, amount, currency, reason, ends_now, status,
  stripe_id, at) VALUES ($1, $2, $3, $4, 'GBP', '', false, 'succeeded', $5, $6)"""
_TAX = "(v.price + 3) / 6"
_TAXED = f"""v.price - {_TAX}, 'GB',
  jsonb_build_array(jsonb_build_object('name', 'VAT', 'rate_bp', 2000, 'tax', {_TAX}))
  FROM plan_version v WHERE v.id = $3"""
GIFT = f"""INSERT INTO gift_membership (id, buyer, plan_version, code, giver_name, recipient_name, recipient_email,
  send_at, created_at, paid_at, net_amount, tax_country, taxes)
  SELECT $1, $2, $3, $4, 'A', 'B', 'c@town.test', $5, $5, $5, {_TAXED}"""
GIFT_BACK = "UPDATE gift_membership SET refunded_at = $2 WHERE id = $1"
ATTEMPT = """INSERT INTO cancel_attempt (id, subscription, person, reason, words, at)
  VALUES ($1, $2, $3, $4, '', $5)"""
FAILED = """INSERT INTO mirrored_invoice (stripe_id, subscription, local_id, reason, status, total, currency, attempts,
  failed_at, created_at, mirrored_at) VALUES ($1, $1, $2, 'subscription_cycle', 'open', $3, 'GBP', 1, $4, $5, $4)"""
SETTLED = "UPDATE mirrored_invoice SET status = $2, paid_at = $3 WHERE stripe_id = $1"
TERM = f"""INSERT INTO paid_term (id, payer, plan_version, created_at, paid_at, net_amount, tax_country, taxes)
  SELECT $1, $2, $3, $4, $4, {_TAXED}"""


IN_TURN = (
    PERSON, SUBSCRIPTION, TRIAL, MEMBERSHIP, PAID, PAUSE, CHANGE, MOVE, INVOICE, REFUND, FEE_REFUND, GIFT, TERM,
    ATTEMPT, FAILED, SETTLED,
    STATUS, HELD_UNTIL, CUT, BACK, CHANGED, MOVED, GIFT_BACK,
)  # fmt: skip
"""The rows of a few days: what is new, then what has changed, each in the order of time."""


@dataclass(frozen=True)
class Version:
    id: UUID
    plan: str
    price: int
    from_at: datetime
    migration: UUID | None = None
    """Those on older prices move to it, at their first renewal 60 days or more after."""

    @property
    def net(self) -> int:
        return net(self.price)


def net(gross: int) -> int:
    return gross - (2 * gross * VAT + 10_000 + VAT) // (2 * (10_000 + VAT))


@dataclass(frozen=True)
class Write:
    """One row written or changed at an instant. `payer`: whose figures may change by it."""

    at: datetime
    sql: str
    args: tuple[object, ...]
    payer: UUID | None = None


@dataclass
class Life:
    """One member, from joining until they leave for good or the five years are over."""

    random: random.Random
    versions: dict[str, list[Version]]
    until: datetime
    person: UUID
    email: str
    writes: list[Write] = field(default_factory=list)
    sub: UUID = NOBODY
    held: UUID = NOBODY
    version: Version | None = None
    last: tuple[UUID, datetime] | None = None
    moved: set[UUID] = field(default_factory=set)
    cancel_at: datetime | None = None
    _failed_at: datetime | None = None

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def chance(self, percent: float) -> bool:
        return self.random.random() * 100 < percent

    def within(self, start: datetime, end: datetime) -> datetime:
        return start + (end - start) * self.random.uniform(0.05, 0.95)

    def write(self, at: datetime, sql: str, *args: object, counts: bool = True) -> None:
        self.writes.append(Write(at, sql, args, self.person if counts else None))

    def current(self, plan: str, at: datetime) -> Version:
        return [version for version in self.versions[plan] if version.from_at <= at][-1]

    def state(self, at: datetime, status: str, *, owing: datetime | None = None, over: datetime | None = None) -> None:
        assert self.version is not None
        self.write(at, STATUS, self.sub, status, owing, self.cancel_at, over, self.version.id)

    def live(self, joins: datetime) -> list[Write]:
        self.write(joins - HOUR, PERSON, self.person, self.email, "", joins - HOUR, counts=False)
        at: datetime | None = joins
        while at is not None and at < self.until:
            ended = self._membership(at)
            at = None if ended is None or not self.chance(18) else ended + DAY * self.random.uniform(8, 240)
        self._other_things(joins)
        return self.writes

    # one subscription

    def _membership(self, at: datetime) -> datetime | None:
        """Returns when it ended."""
        plan = self.random.choices(list(SHARES), weights=list(SHARES.values()))[0]
        self.version, self.sub, self.last, self.cancel_at = self.current(plan, at), self.id(), None, None
        self.moved = set()
        is_trial = self.chance(25)
        status = "trialing" if is_trial else "active"
        self.write(at, SUBSCRIPTION, self.sub, self.person, self.version.id, status, at)
        self._holds(at)
        due, anchor, number = at, at, 0
        if is_trial:
            self.write(at, TRIAL, self.id(), self.person, self.sub, str(self.id()), at, counts=False)
            due = anchor = at + 14 * DAY
            if self.chance(22):
                self.cancel_at, asked = due, self.within(at, due)
                self._asks(asked)
                self.state(asked, "trialing")
                return self._ends(due)
        while due < self.until:
            paid_at = self._collects(due, is_first=number == 0 and not is_trial)
            if paid_at is None:
                return self._failed_at
            number += 1
            end = self._end(anchor, number)
            self._pays(due, end, paid_at)
            found = self._period(max(due, paid_at), end)
            if isinstance(found, datetime):
                return found
            due, renewed = found
            if renewed:
                anchor, number = due, 0
        return None

    def _end(self, anchor: datetime, number: int) -> datetime:
        assert self.version is not None
        interval, count = LENGTHS[self.version.plan]
        return anchor + intervals.of(interval, count * number)

    def _holds(self, at: datetime) -> None:
        assert self.version is not None
        self.held = self.id()
        at += timedelta(seconds=self.random.randrange(1, 40))
        self.write(at, MEMBERSHIP, self.held, self.person, "subscription", self.sub, at, None, self.version.id)

    def _ends(self, at: datetime) -> datetime:
        """With the paid time, as planned."""
        self.write(at - HOUR, HELD_UNTIL, self.held, at)
        self.state(at + timedelta(minutes=5), "cancelled", over=at)
        return at

    def _collects(self, due: datetime, *, is_first: bool) -> datetime | None:
        """When it was paid; None when it never was, and the membership is over."""
        if is_first:
            return due
        assert self.version is not None
        if self.version.plan == "weekly" or not self.chance(4):
            return due + timedelta(minutes=self.random.randrange(30, 150))
        self.state(due + HOUR, "past_due", owing=due)
        owed = f"in_failed_{self.sub}_{due:%Y%m%d%H%M}"
        self.write(due + HOUR, FAILED, owed, self.sub, self.version.price, due + HOUR, due, counts=False)
        grace = due + 14 * DAY
        self.write(due + HOUR, HELD_UNTIL, self.held, grace)
        if self.chance(60):
            paid_at = due + DAY * self.random.uniform(0.5, 13)
            self.state(paid_at, "active")
            self.write(paid_at, HELD_UNTIL, self.held, None)
            self.write(paid_at, SETTLED, owed, "paid", paid_at, counts=False)
            return paid_at
        if self.chance(25):
            paid_at = grace + DAY * self.random.uniform(1, 4)
            self.state(paid_at, "active")
            self._holds(paid_at)
            self.write(paid_at, SETTLED, owed, "paid", paid_at, counts=False)
            return paid_at
        gone = due + DAY * self.random.choice((8, 15, 21))
        if gone < grace:
            self.write(gone, HELD_UNTIL, self.held, gone)
        self.write(min(gone, grace), STATUS, self.sub, "past_due", due, self.cancel_at, None, self._version_id)
        self.state(gone + timedelta(minutes=1), "cancelled", over=gone)
        self.write(gone, SETTLED, owed, "uncollectible", None, counts=False)
        self._failed_at = gone
        return None

    @property
    def _version_id(self) -> UUID:
        assert self.version is not None
        return self.version.id

    def _pays(self, start: datetime, end: datetime, at: datetime, *, amount: int | None = None) -> None:
        assert self.version is not None
        price, period = self.version.price, self.id()
        cost = price if amount is None else amount
        rest = (self.version.id, net(cost), self.version.net, amount is not None)
        self.write(at, PAID, period, self.sub, str(period), start, end, cost, at, *rest)
        self.last = (period, end)
        if self.chance(0.5) and cost:
            intent = f"pi_{period}"
            self.write(at, INVOICE, str(period), self.sub, cost, intent, at, counts=False)
            back = (f"re_{period}", intent, self.sub, self.random.randrange(1, cost + 1), at + 2 * DAY)
            self.write(at + 2 * DAY, REFUND, *back, counts=False)
            refund = (self.id(), self.sub, str(period), back[3], back[0], at + 2 * DAY)
            self.write(at + 2 * DAY, FEE_REFUND, *refund, counts=False)

    # what happens within one period

    def _period(self, start: datetime, end: datetime) -> tuple[datetime, bool] | datetime:
        """Either when it ended, or when the next is due and whether periods are counted anew from then."""
        assert self.version is not None
        if self.chance(5):
            return self._cancels(start, end)
        if self.chance(1.5):
            return self._pauses(start, end)
        if self.version.plan in DEARER and self.chance(1.5):
            return self._upgrades(start, end)
        if self.version.plan in CHEAPER and self.chance(1.5):
            return self._downgrades(start, end)
        self._new_price(start, end)
        return end, False

    def _cancels(self, start: datetime, end: datetime) -> tuple[datetime, bool] | datetime:
        asked = self.within(start, end)
        self.cancel_at = end
        self._asks(asked)
        self.state(asked, "active")
        self.write(asked, HELD_UNTIL, self.held, end)
        if self.chance(25):
            self.cancel_at, kept = None, self.within(asked, end)
            self.state(kept, "active")
            self.write(kept, HELD_UNTIL, self.held, None)
            if self.chance(20):
                self._asks(self.within(asked, kept))
            return end, False
        return self._ends(end)

    def _asks(self, at: datetime) -> None:
        reason = self.random.choice(("price", "use", "choice", "else", ""))
        self.write(at, ATTEMPT, self.id(), self.sub, self.person, reason, at, counts=False)

    def _pauses(self, start: datetime, end: datetime) -> tuple[datetime, bool] | datetime:
        """What is left of the period follows the pause."""
        begun, pause = self.within(start, end), self.id()
        back = begun + DAY * self.random.uniform(20, 120)
        self.write(begun, PAUSE, pause, self.sub, begun, back)
        self.state(begun, "paused", owing=begun)
        self.write(begun + timedelta(seconds=20), HELD_UNTIL, self.held, begun + timedelta(seconds=20))
        if self.chance(12):
            gone = self.within(begun, back)
            self.write(gone, BACK, pause, gone)
            self.state(gone, "cancelled", over=gone)
            return gone
        self.write(back, BACK, pause, back)
        self.state(back, "active")
        self._holds(back)
        return end + (back - begun), True

    def _upgrades(self, start: datetime, end: datetime) -> tuple[datetime, bool]:
        """At once: the rest of the period when both are as long, else a new period."""
        assert self.version is not None and self.last is not None
        at, old = self.within(start, end), self.version
        self.version = self.current(DEARER[old.plan], at)
        self.state(at, "active")
        self.write(at, CUT, self.last[0], at)
        if LENGTHS[old.plan] == LENGTHS[self.version.plan]:
            self._pays(at, end, at, amount=self.random.randrange(1, self.version.price))
            return end, False
        ends = self._end(at, 1)
        self._pays(at, ends, at)
        return ends, True

    def _downgrades(self, start: datetime, end: datetime) -> tuple[datetime, bool]:
        assert self.version is not None
        asked, change, to = self.within(start, end), self.id(), self.current(CHEAPER[self.version.plan], start)
        self.write(asked, CHANGE, change, self.sub, to.id, asked, end, counts=False)
        self.version = to
        self.state(end - HOUR, "active")
        self.write(end - HOUR, CHANGED, change, end - HOUR, counts=False)
        return end, True

    def _new_price(self, start: datetime, end: datetime) -> None:
        """Told a month before, moved the day before."""
        assert self.version is not None
        newest = self.current(self.version.plan, end)
        is_due = newest.migration is not None and newest.from_at + 60 * DAY <= end and newest.id != self.version.id
        if not is_due or end - start < 2 * DAY or newest.id in self.moved:
            return
        self.moved.add(newest.id)
        move, told = self.id(), max(start + timedelta(minutes=10), end - 30 * DAY)
        self.write(told, MOVE, move, newest.migration, self.sub, told, end, counts=False)
        self.version = newest
        self.state(end - DAY, "active")
        self.write(end - DAY, MOVED, move, end - DAY, counts=False)

    def _other_things(self, joins: datetime) -> None:
        """Gifts, terms, memberships given, free plans and seats: none of them is recurring."""
        at = self.within(joins, self.until)
        annual, term = self.current("annual", at), self.versions["term"][0]
        if self.chance(6):
            gift = self.id()
            self.write(at, GIFT, gift, self.person, annual.id, str(gift)[:20], at)
            if self.chance(10):
                self.write(at + 3 * DAY, GIFT_BACK, gift, at + 3 * DAY)
        if self.chance(3):
            self.write(at, TERM, self.id(), self.person, term.id, at)
            ends = at + 365 * DAY
            self.write(at, MEMBERSHIP, self.id(), self.person, "term", self.id(), at, ends, term.id)
        for source, share in (("comp", 2), ("gift", 3), ("free", 5), ("seat", 3)):
            if self.chance(share):
                began = self.within(joins, self.until)
                ends = began + DAY * self.random.uniform(10, 700)
                self.write(began, MEMBERSHIP, self.id(), self.person, source, self.id(), began, ends, term.id)


def lives(
    seed: int, people: int, start: datetime, until: datetime, versions: dict[str, list[Version]]
) -> Iterator[Write]:
    """All writes of all members, in the order of time."""
    chosen = random.Random(seed)
    found: list[Write] = []
    for number in range(people):
        joins = start + (until - start) * (chosen.random() ** 0.8)
        own = random.Random(chosen.getrandbits(64))
        life = Life(own, versions, until, UUID(int=own.getrandbits(128), version=4), f"m{number}@town.test")
        found += life.live(joins + HOUR)
    yield from sorted(found, key=lambda write: write.at)
