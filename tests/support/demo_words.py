"""Names and words that only the demo has: none of them may be in a shop of somebody's own."""

import re
from functools import cache

from components.demo import cast, demo_products

POTTERY = ("kiln", "pottery", "potter", "pots?", "glazed?s?", "stoneware", "wood ash", "ceramics?", "firings?", "mugs?",
           "vases?", "tea bowls?", "clay", "thrown by hand", "vessel")  # fmt: skip


@cache
def _pattern() -> re.Pattern[str]:
    named = [role.email for role in cast.CAST] + [role.name for role in cast.CAST if " " in role.name]
    for shelf in demo_products.shelves():
        named += [shelf.title, *(ware.title for ware in shelf.wares)]
    words = [*POTTERY, *(re.escape(name) for name in named)]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w])", re.IGNORECASE)


def of_the_demo(text: str) -> list[str]:
    """Each of them in this text, once."""
    return sorted({found[0] for found in _pattern().finditer(text)})
