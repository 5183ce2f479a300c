"""Who comes, when, and how much they buy. Pure: one seed, one sequence.

Arrivals follow the seasonal calendar. How much somebody buys is a gamma draw, larger for members, and less for who
came late; the orders of all come to exactly the number that was asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp, sqrt
from random import Random

from components.demo.generator.seasonal_calendar import SeasonalCalendar
from components.demo.generator.shop_sizes import ShopSize
from components.demo.names import FIRST, LAST, TOWNS

HAS_ACCOUNT = 0.72
"""Of those who only buy."""
MEMBERS_GAMMA, OTHERS_GAMMA = (1.4, 2.6), (0.9, 1.0)
"""Shape and scale of what somebody buys."""
DECAY = 1.3
"""How much sooner than evenly they buy within the time they know the shop."""
LAST_ORDER_AGO = 3_600


@dataclass(slots=True)
class DrawnPerson:
    """`orders` are the instants at which they order, in turn."""

    number: int
    arrives: int
    is_member: bool
    has_account: bool
    name: str
    email: str
    street: str
    town: str
    postcode: str
    orders: list[int] = field(default_factory=list)


def people(size: ShopSize, calendar: SeasonalCalendar) -> Iterator[DrawnPerson]:
    """In the order in which they arrive."""
    chance = Random(f"people {size.seed}")
    left, weight_left = size.orders, sum(weight for _, _, weight in _weighed(size))
    for number, (share, is_member, weight) in enumerate(_weighed(size)):
        count = min(left, poisson(chance, left * weight / weight_left)) if weight_left > weight else left
        left, weight_left = left - count, weight_left - weight
        person = _person(chance, number, calendar.instant(share), is_member)
        person.orders = _instants(chance, count, share, calendar)
        yield person


def _weighed(size: ShopSize) -> Iterator[tuple[float, bool, float]]:
    """Of everybody: their share of all arrivals before them, whether they become a member, and how much they buy.

    Drawn twice, so that nobody has to be remembered.
    """
    chance = Random(f"weights {size.seed}")
    total, members = size.members + size.others, size.members
    for place in range(total):
        is_member = chance.random() * (total - place) < members
        members -= is_member
        share = (place + chance.random()) / total
        shape, scale = MEMBERS_GAMMA if is_member else OTHERS_GAMMA
        yield share, is_member, (0.02 + chance.gammavariate(shape, scale)) * (0.25 + 1 - share)


def _person(chance: Random, number: int, arrives: int, is_member: bool) -> DrawnPerson:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    town, postcode, road = chance.choice(TOWNS)
    return DrawnPerson(
        number=number,
        arrives=arrives,
        is_member=is_member,
        has_account=is_member or chance.random() < HAS_ACCOUNT,
        name=f"{first} {last}",
        email=f"{first}.{last}.g{number}@post.test".lower(),
        street=f"{chance.randrange(1, 140)} {road}",
        town=town,
        postcode=postcode,
    )


def _instants(chance: Random, count: int, since: float, calendar: SeasonalCalendar) -> list[int]:
    shares = sorted(since + (1 - since) * chance.random() ** DECAY for _ in range(count))
    return [min(calendar.instant(share), calendar.last - LAST_ORDER_AGO) for share in shares]


def poisson(chance: Random, mean: float) -> int:
    """Exact for small means; for large ones the normal distribution is as good."""
    if mean > 30:
        return max(0, round(chance.gauss(mean, sqrt(mean))))
    limit, product, count = exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
