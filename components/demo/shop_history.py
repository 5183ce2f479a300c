"""The events of the last two years, generated with a fixed random seed.

Pure: days are counted back from today (1 is yesterday), and nothing is written. `past` creates the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp
from random import Random

from components.demo.names import FIRST, LAST, TOWNS

DAYS = 730
SEASONS = (0.75, 0.8, 0.9, 0.95, 1.0, 0.9, 0.8, 0.8, 1.0, 1.15, 1.6, 1.7)
"""How busy each month is, January first: a gift shop sells most in autumn."""

MonthOf = Callable[[int], int]
ANNUAL, MONTHLY = "kiln-club", "kiln-club-monthly"


@dataclass(frozen=True)
class Someone:
    number: int
    name: str
    email: str
    town: str
    postcode: str
    street: str
    arrives: int
    """Days ago."""
    keeps_account: bool


@dataclass(frozen=True)
class DemoMembership:
    """One membership: from `joins` days ago until `leaves` days ago, or still running when that is None."""

    plan: str
    joins: int
    leaves: int | None
    because: str
    """Why it ended: voluntarily, or because a renewal could not be collected; empty while it is active."""


@dataclass(frozen=True)
class DemoPurchase:
    days_ago: float
    wares: tuple[tuple[int, int], ...]
    """Which product (any number, taken modulo what was on sale) and how many of it."""
    outcome: str
    """sent, refunded, part refunded, waiting (paid, not sent yet) or lapsed (never paid)."""


@dataclass(frozen=True)
class Life:
    who: Someone
    stays: tuple[DemoMembership, ...]
    purchases: tuple[DemoPurchase, ...]


def lives(number: int, *, month_of: MonthOf, seed: int = 1280) -> tuple[Life, ...]:
    """This many people, earliest first. `month_of(days ago)` is 0 for January."""
    chance = Random(seed)
    arrivals = sorted((_arrival(chance, month_of) for _ in range(number)), reverse=True)
    return tuple(_life(chance, _someone(chance, n, arrives), month_of) for n, arrives in enumerate(arrivals))


def _arrival(chance: Random, month_of: MonthOf) -> int:
    """Later days and busy months are more likely, as the shop grows."""
    while True:
        day = chance.randrange(2, DAYS)
        growth = exp(-1.6 * day / DAYS)
        if chance.random() < growth * SEASONS[month_of(day)] / max(SEASONS):
            return day


def _someone(chance: Random, number: int, arrives: int) -> Someone:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    town, postcode, road = chance.choice(TOWNS)
    return Someone(
        number=number,
        name=f"{first} {last}",
        email=f"{first}.{last}.{number}@post.test".lower(),
        town=town,
        postcode=postcode,
        street=f"{chance.randrange(1, 140)} {road}",
        arrives=arrives,
        keeps_account=chance.random() < 0.72,
    )


def _life(chance: Random, who: Someone, month_of: MonthOf) -> Life:
    stays = _stays(chance, who) if who.keeps_account and chance.random() < 0.5 else ()
    return Life(who, stays, tuple(_purchases(chance, who, stays, month_of)))


def _stays(chance: Random, who: Someone) -> tuple[DemoMembership, ...]:
    joins = who.arrives - int(chance.expovariate(1 / 12))
    if joins < 2:
        return ()
    first = _stay(chance, joins)
    if first.leaves is None or first.leaves < 75 or chance.random() > 0.16:
        return (first,)
    return first, _stay(chance, first.leaves - chance.randrange(45, min(240, first.leaves - 20)))


def _stay(chance: Random, joins: int) -> DemoMembership:
    """Monthly members leave at one renewal in thirteen, annual ones at one in four; some by a bad card."""
    is_annual = chance.random() < 0.62
    length, share_leaving = (365, 0.28) if is_annual else (30, 0.075)
    stay = DemoMembership(ANNUAL if is_annual else MONTHLY, joins, None, "")
    for renewal in range(joins - length, 0, -length):
        if chance.random() < share_leaving:
            return replace(stay, leaves=renewal, because="failed" if chance.random() < 0.3 else "cancelled")
    return stay


def _purchases(
    chance: Random, who: Someone, stays: tuple[DemoMembership, ...], month_of: MonthOf
) -> list[DemoPurchase]:
    """The first order is on the day of arrival; members order about twice as often."""
    found: list[DemoPurchase] = []
    day = float(who.arrives)
    while day > 0.3:
        if not found or chance.random() < SEASONS[month_of(int(day))] / 1.25:
            found.append(_purchase(chance, day))
        is_member = any(stay.joins >= day and (stay.leaves is None or stay.leaves < day) for stay in stays)
        day -= chance.expovariate(1 / (56 if is_member else 120))
        if chance.random() < (0.05 if is_member else 0.22):
            break
    return found


def _purchase(chance: Random, day: float) -> DemoPurchase:
    lines = chance.choices((1, 2, 3, 4), (52, 30, 13, 5))[0]
    wares = {chance.randrange(10_000): chance.choices((1, 2, 4), (74, 20, 6))[0] for _ in range(lines)}
    hours = day - chance.uniform(0.05, 0.6)
    return DemoPurchase(max(hours, 0.1), tuple(wares.items()), _outcome(chance, day))


def _outcome(chance: Random, day: float) -> str:
    if day < 2.2:
        return "waiting"
    fall = chance.random()
    for share, outcome in ((0.035, "refunded"), (0.055, "part refunded"), (0.085, "lapsed")):
        if fall < share:
            return outcome
    return "sent"
