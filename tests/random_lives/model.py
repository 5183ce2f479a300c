"""The reference: what a person was told and asked for, and what therefore may be charged and held.

It knows nothing of the shop's code. It reads the bank's books (`bank.py`) and the words of the pages, and holds that

- whatever was charged had been agreed to, for that amount, once;
- nothing is charged to whoever has cancelled, paused or left, from the moment they did until they come back;
- benefits are held exactly while `HAS_ACCESS` says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from tests.random_lives.bank import Agreement, Bank, Charge

GRACE = timedelta(days=14)
LONDON = ZoneInfo("Europe/London")

# What a person has asked for, and whether a renewal may be charged to them then.
MAY_RENEW = {"nothing": False, "running": True, "cancelled": False, "erased": False}

# Which promise allows a charge that is no renewal, by the reason that the bank gives for it.
ALLOWED_BY = {
    "": ("order", "gift", "term"),
    "subscription_create": ("joining",),
    "subscription_update": ("change", "return", "planned"),
    "subscription_cycle": ("return",),
}


def has_access(agreement: Agreement | None, now: datetime) -> bool:
    """By the agreement alone: one line for each of the bank's states."""
    if agreement is None or (agreement.cancel_at and agreement.cancel_at <= now):
        return False
    match agreement.status:
        case "trialing" | "active":
            return True
        case "past_due" | "unpaid":
            return now < (agreement.owing_since or agreement.period_start) + GRACE
        case _:
            return False


@dataclass
class Promise:
    """A sum that the person has agreed to, for one charge; `least` where a credit may come off it."""

    what: str
    amount: int
    least: int | None = None

    def allows(self, charge: Charge) -> bool:
        least = self.amount if self.least is None else self.least
        return self.what in ALLOWED_BY.get(charge.reason, ()) and least <= charge.whole <= self.amount


@dataclass
class Grant:
    """A membership that nobody is billed for. `starts_at` of None is one that waits; a seat lasts as its agreement."""

    source: str
    id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    agreement: str = ""

    def holds(self, now: datetime) -> bool:
        return self.starts_at is not None and self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass
class Reduction:
    """A part off the next payments of one agreement; `left` None: off every one. What the bank had to be told while
    nobody worked, or while it did not answer, may have come a payment late: then it is not certain which."""

    agreement: str
    percent_bp: int
    left: int | None
    is_certain: bool = True

    def of(self, fee: int) -> int:
        return fee - fee * self.percent_bp // 10000

    def fits(self, charged: int, fees: set[int]) -> bool:
        reduced = {self.of(fee) for fee in fees}
        if not self.is_certain:
            return charged in fees | reduced
        return charged in (fees if self.left == 0 else reduced)

    def was_paid(self) -> None:
        self.left = max(0, self.left - 1) if self.left is not None else None


@dataclass
class Purse:
    """Store credit that staff or guarantees gave, and what of it renewals have used. `told` is what the page says the
    next will use; an hour in which nobody works charges the whole fee, and the credit is still there."""

    given: int = 0
    before: int = 0
    guaranteed: int = 0
    used: int = 0
    told: int = 0
    is_certain: bool = True
    is_wanted: bool = False
    not_since: datetime | None = None

    @property
    def is_known(self) -> bool:
        return self.given > 0

    def holds(self, left: int) -> bool:
        """With what guarantees had given before anybody counted, of which orders may have used some."""
        return self.given - self.used <= left <= self.given + self.before - self.used

    def explain(self, charge: Charge) -> str | None:
        """Why this credit should not have been used. What was on an invoice when they chose otherwise stays on it."""
        self.used += charge.credit
        on_it = self.not_since is not None and charge.at - self.not_since < DRAFTED
        if charge.credit and not (self.is_wanted or on_it):
            return f"{charge.credit} of store credit was used unasked"
        had = self.given + self.before
        return f"{self.used} of store credit was used of {had}" if self.used > had else None


DRAFTED = timedelta(hours=3)
"""Longer than an invoice is a draft, and the shop's clock is ahead of what it knows."""
SHARED_PRICE = 900
"""Of the only plan that has a seat, which staff never change."""


def keeps_its_seat(grant: Grant, books: Bank) -> bool:
    """A seat is gone for good with another plan, and with the end of the agreement."""
    carrier = books.by_id(grant.agreement) if grant.source == "seat" else None
    return carrier is None or (carrier.price == SHARED_PRICE and not carrier.is_over)


Done = Callable[[Agreement | None, Agreement | None], bool]


@dataclass
class Pending:
    """Asked for while the bank did not answer: `then` is so once the books show that it was done."""

    before: Agreement | None
    done: Done
    then: Callable[[], None]


@dataclass
class Life:
    """One person: what they asked for, what they were promised, and what has been explained so far."""

    name: str
    id: UUID
    asked: str = "nothing"
    fees: set[int] = field(default_factory=set)
    planned: int | None = None
    promises: list[Promise] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    pause: tuple[datetime, datetime] | None = None
    next_charge: int | None = None
    reduction: Reduction | None = None
    pending: list[Pending] = field(default_factory=list)
    explained: set[str] = field(default_factory=set)
    returned: int = 0
    correctable: int = 0
    purse: Purse = field(default_factory=Purse)
    codes: set[str] = field(default_factory=set)
    withdrawn: int = 0
    tried: int | None = None

    def agree(self, what: str, amount: int, least: int | None = None) -> None:
        if amount:
            self.promises.append(Promise(what, amount, least))

    def plans(self, price: int, *, is_other_length: bool) -> None:
        """A cheaper plan from the next period on; one of another length begins with a bill of its own."""
        self.plans_no_more()
        self.planned = None if price in self.fees else price
        self.fees.add(price)
        if is_other_length:
            self.agree("planned", price, least=self.reduction.of(price) if self.reduction else None)

    def plans_no_more(self) -> None:
        self.fees.discard(self.planned or 0)
        self.planned = None
        self.promises = [one for one in self.promises if one.what != "planned"]

    def explain(self, charge: Charge) -> str | None:
        """Why the charge should not have been; None for one that was agreed to."""
        self.explained.add(charge.id)
        if (why := self.purse.explain(charge)) is not None:
            return f"{self.name}: {why}"
        allowed = next((one for one in self.promises if one.allows(charge)), None)
        if allowed is None and charge.reason == "subscription_cycle":
            return self._explain_renewal(charge)
        if allowed is None:
            return f"{self.name} was charged {charge.amount} ({charge.reason or 'a payment'}); agreed: {self.promises}"
        self.promises.remove(allowed)
        if (lowered := self.lowered(charge)) is not None:
            lowered.was_paid()
            lowered.is_certain = lowered.is_certain and charge.reason == "subscription_create"
        return None

    def lowered(self, charge: Charge) -> Reduction | None:
        return self.reduction if self.reduction and self.reduction.agreement == charge.agreement else None

    def _explain_renewal(self, charge: Charge) -> str | None:
        if not MAY_RENEW[self.asked] or self.is_paused(charge.at):
            return f"{self.name} has {self.asked} (pause: {self.pause}), and was charged {charge.amount} for a renewal"
        lowered = self.lowered(charge)
        is_agreed = lowered.fits(charge.whole, self.fees) if lowered else charge.whole in self.fees
        if lowered and is_agreed:
            lowered.was_paid()
        if not is_agreed:
            return f"{self.name} was charged {charge.whole} for a renewal; agreed: {sorted(self.fees)} {lowered or ''}"
        if self.next_charge is not None and not self.was_told(charge):
            return f"{self.name} was told that {self.next_charge} would be charged; it was {charge.amount}"
        self.next_charge = None
        is_changing = self.planned is not None or any(one.what == "planned" for one in self.promises)
        self.correctable += charge.amount if is_changing else 0
        return None

    def was_told(self, charge: Charge) -> bool:
        is_all = charge.whole == (self.next_charge or 0) + self.purse.told
        return is_all and (charge.credit == self.purse.told or not self.purse.is_certain)

    def learns(self, agreement: Agreement | None) -> str | None:
        """All answers are there: what was pending is done or will never be. Why the books contradict what was asked."""
        for one in self.pending:
            if one.done(one.before, agreement):
                one.then()
        self.pending = []
        if self.asked in ("running", "cancelled") and (agreement is None or agreement.is_over):
            self.asked = "nothing"
        has_ended = agreement is not None and (agreement.is_over or agreement.cancel_at is not None)
        is_right = {"running": not has_ended, "cancelled": has_ended}.get(self.asked, True)
        return None if is_right else f"{self.name} has asked for {self.asked}, and the bank has {agreement}"

    def is_paused(self, now: datetime) -> bool:
        return self.pause is not None and self.pause[0] <= now < self.pause[1]

    def new_charges(self, bank: Bank) -> list[Charge]:
        own = [one for one in bank.charges if one.person == self.id and one.id not in self.explained]
        return sorted(own, key=lambda one: one.at)


def years_later(at: datetime | None, years: int) -> datetime | None:
    return _by_the_clock(at, relativedelta(years=years)) if at else None


def months_later(at: datetime, months: int) -> datetime:
    return _by_the_clock(at, relativedelta(months=months))


def _by_the_clock(at: datetime, length: relativedelta) -> datetime:
    """At the same time of day where the shop is."""
    return (at.astimezone(LONDON) + length).astimezone(UTC)


def contradictions(bank: Bank) -> list[str]:
    """What may never be in the bank's books, whatever was asked for."""
    found = []
    for person in {one.person for one in bank.agreements}:
        if len(bank.running(person)) > 1:
            found.append(f"{person} has {len(bank.running(person))} running subscriptions")
    paid: dict[tuple[str, datetime], int] = {}
    for charge in bank.charges:
        if charge.reason in ("subscription_create", "subscription_cycle") and charge.period:
            paid[charge.agreement, charge.period] = paid.get((charge.agreement, charge.period), 0) + 1
    found += [f"{key} was charged {times} times" for key, times in paid.items() if times > 1]
    return found
