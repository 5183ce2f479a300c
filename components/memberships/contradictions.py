"""Two member prices of one plan that cannot both be meant: refused with words that name the other."""

from typing import Any
from uuid import UUID

from components import catalog
from components.foundation import clock, database
from components.memberships.benefits import SettingRefused, kind

_OTHERS = """
SELECT DISTINCT ON (b.id) b.name, p.name AS plan, v.settings::text AS settings
FROM plan_benefit mine JOIN plan_benefit pb ON pb.plan = mine.plan AND pb.benefit <> mine.benefit
JOIN plan p ON p.id = pb.plan JOIN benefit b ON b.id = pb.benefit AND b.kind = 'member_price'
JOIN benefit_version v ON v.benefit = b.id AND v.from_at <= $2 AND (v.until_at IS NULL OR v.until_at > $2)
WHERE mine.benefit = $1 AND (mine.until_at IS NULL OR mine.until_at > $2) AND (pb.until_at IS NULL OR pb.until_at > $2)
ORDER BY b.id"""


async def check(benefit_id: UUID, settings: str, *, kind_key: str) -> None:
    """Against every other member price of the plans that promise this one. Raises `SettingRefused`.

    Contradictory are two of the same way over the very same products, for one of them would never count, and two
    explicit prices that share a product.
    """
    if kind_key != "member_price":
        return
    of_kind = kind(kind_key)
    mine = of_kind.load(settings)
    for row in await database.fetch(_OTHERS, benefit_id, clock.now()):
        theirs = of_kind.load(row["settings"])
        if _contradict(mine, theirs):
            words = f"“{row['name']}” of {row['plan']} sets a price for the same products already."
            raise SettingRefused("covers", f"{words} Change that one, or choose other products.")


def _contradict(mine: Any, theirs: Any) -> bool:
    if mine.way != theirs.way:
        return False
    if mine.covered == theirs.covered:
        return True
    return mine.way == "explicit" and _share_a_product(mine, theirs)


def _share_a_product(mine: Any, theirs: Any) -> bool:
    every = (variant for product in catalog.snapshot().products for variant in product.variants)
    return any(mine.covered.scope.covers(variant) and theirs.covered.scope.covers(variant) for variant in every)
