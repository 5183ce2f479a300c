"""What an experiment showed somebody is in the copy of their data: the plan, its price or its words."""

from typing import Any

import pytest

from tests.components.experiments import made
from tests.components.experiments.made import WORDS
from tests.support import make_plans, people
from tests.support.shops import Shop
from tests.web.shop.test_experiments import JOIN, put_in

PRICE = ("price", "Annual", 3000, "GBP", "")
TITLE = "Experiments you were part of"
TOLD = ("kind", "plan", "price", "currency", "words")


async def told(shop: Shop, kind: str, arm: int) -> tuple[Any, ...]:
    plan = await make_plans.club()
    draft = {"price": made.price_draft, "words": made.words_draft}[kind](plan)
    browser, _ = await put_in(shop, (await made.started(draft, by=await made.owner())).row.id, arm)
    await browser.get(JOIN)
    copy = (await browser.client.get("/account/privacy/data.json")).json()
    (row,) = copy["everything"][TITLE]
    assert row["arm"] == arm and (row["promised_until"] is not None) == (kind == "price" and arm == 1)
    return tuple(row[name] for name in TOLD)


@pytest.mark.parametrize(
    ("kind", "arm", "said"),
    [
        ("price", 1, PRICE),
        ("price", 0, ("price", "Annual", 3900, "GBP", "")),
        ("words", 1, ("words", "Annual", None, None, WORDS)),
        ("words", 0, ("words", "Annual", None, None, "")),
    ],
)
async def test_what_they_were_shown_is_in_their_copy(shop: Shop, kind: str, arm: int, said: tuple[Any, ...]) -> None:
    assert await told(shop, kind, arm) == said


async def test_nobody_elses_is(shop: Shop) -> None:
    await told(shop, "price", 1)
    await people.customer("else@kiln.test")
    copy = (await (await shop.signed_in("else@kiln.test")).client.get("/account/privacy/data.json")).json()
    assert TITLE not in copy["everything"]
