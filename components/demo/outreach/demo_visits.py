"""Six weeks of what visitors of Kiln looked at: counts by day, as a shop that keeps no visits has them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from components.behaviour import page_views, view_writing
from components.behaviour.page_views import Kind, SeenPage
from components.demo.demo_products import shelves
from components.demo.journal import demo_articles

WEEKS = 6
TIMES: tuple[tuple[Kind, int, int], ...] = (
    ("product", 26, 58), ("collection", 10, 24), ("article", 5, 9), ("search", 14, 28), ("join", 1, 5), ("added", 4, 6),
    ("basket", 5, 8), ("checkout", 2, 3), ("paid", 1, 1),
)  # fmt: skip
"""On a usual day, by members and by others."""
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


async def count(today: datetime) -> None:
    """The same every time, today included."""
    chance, subjects = Random(1947), _subjects()
    for week in range(WEEKS):
        days = [today - timedelta(days=7 * week + day) for day in range(7)]
        await view_writing.write([seen for at in days for seen in _seen_on(chance, at, subjects)])


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


def _seen_on(chance: Random, at: datetime, subjects: Subjects) -> Iterator[SeenPage]:
    """The first of a shelf are looked at more often than the last."""
    busy = (1.25 if at.weekday() >= 5 else 0.9) * chance.uniform(0.85, 1.15)
    for kind, members, others in TIMES:
        of = subjects.get(kind, [("", None)])
        for is_member, usual in ((True, members), (False, others)):
            for _ in range(round(usual * busy)):
                subject, found = of[int(len(of) * chance.random() ** 1.6)]
                yield SeenPage(at=at, kind=kind, subject=subject, is_member=is_member, found=found)
