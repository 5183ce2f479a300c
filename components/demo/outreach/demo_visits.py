"""Six weeks of what visitors of Kiln looked at: counts by day, as a shop that keeps no visits has them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from components.behaviour import page_views, view_writing
from components.behaviour.page_views import Kind, SeenPage
from components.demo.demo_products import shelves
from components.demo.journal import demo_articles
from components.foundation import database
from components.foundation.shop_settings import shop_settings
from components.insights.behaviour_figures import funnels
from components.insights.behaviour_figures.seen_periods import SeenPeriod

WEEKS = 6
TIMES: tuple[tuple[Kind, float, float], ...] = (
    ("product", 9, 14), ("collection", 2, 4), ("article", 0.4, 0.5), ("search", 1.1, 1.7), ("added", 2.2, 2.6),
    ("basket", 2, 2.3), ("checkout", 1.3, 1.5), ("paid", 1, 1),
)  # fmt: skip
"""For each order that was paid in the week, of members and of others."""
LOOKS_AT_JOINING = (0.2, 9)
"""For each who joined in the week, by members and by others."""
SEARCHES = (
    ("mug", 6), ("teapot", 2), ("vase", 6), ("moon jar", 1), ("bowl", 5), ("candle", 3), ("espresso cup", 0),
    ("butter dish", 0), ("gift card", 0), ("wedding list", 0),
)  # fmt: skip
"""With how much each found."""
LEADS = ("home", "home", "product:morning-mug", "product:everyday-bowl", "product:moon-jar", "article:the-grey-hour",
         "article:throwing-the-moon", "basket", "elsewhere")  # fmt: skip
"""From where joining was looked at."""


Subjects = Mapping[Kind, Sequence[tuple[str, int | None]]]
"""What may be seen of each kind, and how much a search finds."""
Usual = Mapping[Kind, tuple[float, float]]


async def count(today: datetime) -> None:
    """For the orders and the memberships of those weeks, today included: so that what leads to them is more than they
    are."""
    chance, subjects = Random(1947), _subjects()
    for week in range(WEEKS):
        days = [today - timedelta(days=7 * week + day) for day in range(7)]
        usual = await _usual(days[-1], days[0])
        await view_writing.write([seen for at in days for seen in _seen_on(chance, at, subjects, usual)])


async def _usual(first: datetime, last: datetime) -> Usual:
    """How often each is seen on a day between these, by members and by others."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    period = SeenPeriod(first.astimezone(zone).date(), last.astimezone(zone).date())
    (steps,) = await database.batch(funnels.query(period))
    paid, joined = steps["buying"][-1], steps["joining"][-1]
    often = {kind: (paid.members / 7 * members, paid.others / 7 * others) for kind, members, others in TIMES}
    new = joined.members + joined.others
    return often | {"join": (LOOKS_AT_JOINING[0] * new / 7, LOOKS_AT_JOINING[1] * new / 7)}


def _subjects() -> Subjects:
    wares = [(ware.slug, None) for shelf in shelves() for ware in shelf.wares]
    return {
        "product": wares,
        "added": wares,
        "collection": [(shelf.slug, None) for shelf in shelves()],
        "article": [(article.slug, None) for article in demo_articles()],
        "search": [(page_views.searched(words), found) for words, found in SEARCHES],
        "join": [(lead, None) for lead in LEADS],
    }


def _seen_on(chance: Random, at: datetime, subjects: Subjects, usual: Usual) -> Iterator[SeenPage]:
    """The first of a shelf are looked at more often than the last."""
    busy = (1.25 if at.weekday() >= 5 else 0.9) * chance.uniform(0.85, 1.15)
    for kind, (members, others) in usual.items():
        of = subjects.get(kind, [("", None)])
        for is_member, often in ((True, members), (False, others)):
            for _ in range(math.ceil(often * busy)):
                subject, found = of[int(len(of) * chance.random() ** 1.6)]
                yield SeenPage(at=at, kind=kind, subject=subject, is_member=is_member, found=found)
