"""The examples of docs/api.md are run as they stand, against a shop that has what they name."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from components.catalog.products import collections
from components.content import article_editing
from components.content.article_editing import Draft
from components.foundation import clock
from components.people import api_keys
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, fill_basket, make_plans, make_products, people
from tests.support.programs import Program, document, key_for, pattern
from tests.support.shops import Shop

WRITTEN = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
EXAMPLES = [line for block in re.findall(r"```sh\n(.*?)```", WRITTEN, re.DOTALL) for line in block.splitlines()]


@pytest.fixture
async def given(shop: Shop) -> dict[str, str]:
    """What the examples leave to be filled in."""
    await fill_basket.ways()
    await make_plans.club()
    await collections.get_or_create("Mugs")
    await make_products.product("Moon mug", sku="MOON", on_hand=9, collections=("mugs",))
    await editing.create(CouponDetails(code="SPRING", words="10% off", discount_type="percent", value=1000))
    out = clock.now() - timedelta(days=1)
    await article_editing.create(Draft(slug="open", title="Open", teaser="A", body="B", published_at=out), by=None)
    await shop.refresh()
    await people.customer()
    await buy_products.buy(shop, shop.browser())
    owner = await people.owner()
    number = (await buy_products.the_order()).number
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    return {"$KEY": await key_for(owner.id, *api_keys.SCOPES), "$NUMBER": number}


async def test_every_example_is_answered_and_every_operation_has_one(shop: Shop, given: dict[str, str]) -> None:
    asked: set[tuple[str, str]] = set()
    for line in EXAMPLES:
        method, path, headers, body = _read(line, given)
        answer = await Program(shop.app).ask(method, path, headers=headers, content=body)
        assert answer.status_code == 200, f"{line}: {answer.text}"
        asked.add((method, answer.url.path))
    for path, operations in document()["paths"].items():
        for method in operations:
            named = [one for one in asked if one[0] == method.upper() and pattern(path).fullmatch(one[1])]
            assert named, f"{method} {path} has no example"


def _read(line: str, given: dict[str, str]) -> tuple[str, str, dict[str, str], str | None]:
    for name, value in given.items():
        line = line.replace(name, value)
    curl, address, *options = shlex.split(line)
    assert curl == "curl"
    pairs = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for flag, value in pairs if flag == "-H")
    body = next((value for flag, value in pairs if flag == "-d"), None)
    return "POST" if body else "GET", address.removeprefix("http://127.0.0.1:8000/api/v1"), headers, body


def test_every_scope_is_in_the_table() -> None:
    assert set(re.findall(r"^\| `(\w+:\w+)`", WRITTEN, re.MULTILINE)) == set(api_keys.SCOPES)
