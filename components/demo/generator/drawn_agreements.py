"""One subscription from its first day to today. Pure; instants are whole seconds.

Who stays is drawn as in the shifted-beta-geometric model: each member has a chance of their own to leave at a renewal,
which is a beta draw, so that the longer somebody has stayed the more likely they stay. Some renewals fail and are
recovered within the grace, some members pause between two periods, some change plan when a period is over.
"""

from dataclasses import dataclass, field
from random import Random

from components.demo.generator.seasonal_calendar import A_DAY, later
from components.demo.shop_history import ANNUAL, MONTHLY
from components.memberships.billing.subscription_state import GRACE

LEAVES = {MONTHLY: (1.1, 12.0), ANNUAL: (0.9, 2.6)}
"""Alpha and beta of the chance to leave at a renewal: 8% of months and 26% of years in the mean, at first."""
MONTHS = {MONTHLY: 1, ANNUAL: 12}
OWED_SHARE, RECOVERED, PAUSES, SWITCHES = 0.3, 0.04, 0.02, {MONTHLY: 0.01, ANNUAL: 0.04}
"""Of those who leave, how many by a bad card; and of all renewals the share that is paid late, paused or changed."""
TRIAL, TRIAL_STAYS = 14 * A_DAY, 0.62
REASONS = ("price", "use", "choice", "else", "")
ENDED_AFTER = 21 * A_DAY
"""How long after a renewal that failed the subscription is over."""
GRACE_SECONDS = int(GRACE.total_seconds())
WILL_LEAVE = 0.03


@dataclass(slots=True)
class DrawnPeriod:
    plan: str
    starts: int
    ends: int
    paid: int
    attempts: int = 1


@dataclass(slots=True)
class DrawnSpan:
    """Something that lasts; without an end, until further notice."""

    plan: str
    starts: int
    ends: int | None = None


@dataclass(slots=True)
class DrawnAgreement:
    """`owed_since`: the renewal that failed and has not been paid since; `tries` of them at the bank. Periods are
    counted from the `anchor`."""

    plan: str
    started: int
    trial_until: int | None = None
    status: str = "active"
    period: tuple[int, int] = (0, 0)
    anchor: int = 0
    cancel_at: int | None = None
    reason: str | None = None
    owed_since: int | None = None
    tries: int = 0
    ended: int | None = None
    periods: list[DrawnPeriod] = field(default_factory=list)
    held: list[DrawnSpan] = field(default_factory=list)
    pauses: list[DrawnSpan] = field(default_factory=list)
    changes: list[DrawnSpan] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.status == "cancelled"


def draw(chance: Random, plan: str, started: int, now: int, *, has_trial: bool = False) -> DrawnAgreement:
    made = DrawnAgreement(plan, started, held=[DrawnSpan(plan, started)])
    at = started
    if has_trial:
        at = made.trial_until = started + TRIAL
        made.period, made.anchor = (started, at), at
        if at > now:
            made.status = "trialing"
            return made
        if chance.random() > TRIAL_STAYS:
            _leave(made, at, chance)
            return made
    leaves = {plan: chance.betavariate(*LEAVES[plan]) for plan in LEAVES}
    anchor, turn, paid = at, 1, at
    while True:
        ends = later(anchor, MONTHS[made.plan] * turn)
        made.periods.append(DrawnPeriod(made.plan, at, ends, paid, _attempts(at, paid)))
        made.period, made.anchor = (at, ends), anchor
        if ends >= now:
            _until_now(made, chance)
            return made
        at, turn = ends, turn + 1
        if chance.random() < leaves[made.plan]:
            (_owe if chance.random() < OWED_SHARE else _leave)(made, at, chance)
            return _as_of(made, now)
        if made.plan == MONTHLY and chance.random() < PAUSES:
            at = _pause(made, at, now, chance)
            if at > now:
                return made
            anchor, turn = at, 1
        elif chance.random() < SWITCHES[made.plan]:
            _switch(made, at)
            anchor, turn = at, 1
        paid = at
        if chance.random() < RECOVERED and at != made.held[-1].starts:
            paid = at + chance.randrange(A_DAY, 12 * A_DAY)
        if paid > now:
            _owe(made, at, chance)
            return _as_of(made, now)


def _attempts(at: int, paid: int) -> int:
    return 1 if paid == at else 2 + (paid - at) // (4 * A_DAY)


def _until_now(made: DrawnAgreement, chance: Random) -> None:
    if chance.random() < WILL_LEAVE:
        made.cancel_at, made.reason = made.period[1], chance.choice(REASONS)
        made.held[-1].ends = made.cancel_at


def _leave(made: DrawnAgreement, at: int, chance: Random) -> None:
    made.status, made.cancel_at, made.ended, made.held[-1].ends = "cancelled", at, at, at
    made.reason = chance.choice(REASONS)


def _owe(made: DrawnAgreement, at: int, chance: Random) -> None:
    """The benefits stay for the grace; a week later nothing is tried any more."""
    made.status, made.owed_since, made.tries = "cancelled", at, 4
    made.held[-1].ends, made.ended = at + GRACE_SECONDS, at + ENDED_AFTER
    made.period = (at, later(at, MONTHS[made.plan]))


def _as_of(made: DrawnAgreement, now: int) -> DrawnAgreement:
    """What has not happened yet has not happened."""
    if made.ended is not None and made.ended > now and made.owed_since is not None:
        made.status, made.ended = "past_due", None
        made.tries = min(4, 1 + (now - made.owed_since) // (4 * A_DAY))
    return made


def give_up(made: DrawnAgreement, now: int) -> None:
    """What is owed is not tried any more: for a bank that carries over only what was paid."""
    made.status, made.ended = "cancelled", now - 60
    span = made.held[-1]
    span.ends = min(span.ends or made.ended, made.ended)


def _pause(made: DrawnAgreement, at: int, now: int, chance: Random) -> int:
    """From the end of a paid period; what is charged next pays for the time from its end."""
    until = at + chance.randrange(30, 91) * A_DAY
    made.held[-1].ends = at
    made.pauses.append(DrawnSpan(made.plan, at, until))
    if until > now:
        made.status, made.period, made.anchor = "paused", (at, until), until
    else:
        made.held.append(DrawnSpan(made.plan, until))
    return until


def _switch(made: DrawnAgreement, at: int) -> None:
    made.held[-1].ends = at
    made.plan = ANNUAL if made.plan == MONTHLY else MONTHLY
    made.held.append(DrawnSpan(made.plan, at))
    made.changes.append(DrawnSpan(made.plan, at))
