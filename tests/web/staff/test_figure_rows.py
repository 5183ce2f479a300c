"""Rows behind a figure: fifty a page, each once, and all of them in a file."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest

from components.foundation import database
from components.insights.movements.mrr import change_kind
from components.insights.tables import Movement
from tests.conftest import NOON
from tests.support import people
from tests.support.pages import Browser
from tests.support.shops import Shop

ORDERS = """
INSERT INTO orders (id, number, email, name, currency, goods, member_savings, delivery_list, delivery_saved, delivery,
  tax, tax_rate, tax_name, total, delivery_method, address, price_context_key, placed_at, expires_at, paid_at)
SELECT gen_random_uuid(), 'S-' || n, 'g@post.test', 'Guest ' || n, 'GBP', 100 + n, 0, 0, 0, 0, 0, 0, '', 100 + n, '',
  '{}', 'guest', $1, $1, $1::timestamptz - (n / 3) * interval '1 minute' FROM generate_series(1, 120) n"""


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    """A shop of 120 orders, three in each minute, and 120 people who joined in the last month."""
    await people.owner()
    await database.execute(ORDERS, NOON - timedelta(hours=1))
    kind = change_kind(0, 450, is_paused=False, was_paused=False, has_paid_before=False)
    for n in range(120):
        person = (await people.customer(f"p{n}@kiln.test", name=f"Person {n}")).id
        at = NOON - timedelta(days=20, minutes=n // 2)
        await Movement.insert(
            Movement(id=uuid4(), person=person, turn=1, kind=kind, amount=450, balance=450, at=at, noted_at=NOON)
        )
    return await shop.signed_in("iris@kiln.test")


LISTS = ("/staff/metrics/figures/sales-30", "/staff/metrics/figures/mrr", "/staff/metrics/2027-02")


@pytest.mark.parametrize("address", LISTS)
async def test_rows_are_shown_fifty_at_a_time_each_once(owner: Browser, address: str) -> None:
    seen: list[str] = []
    pages = 0
    following = address
    while following:
        page = await owner.get(following)
        assert page.status == 200
        found = [href for href in page.links() if href.startswith(("/staff/orders/S-", "/staff/members/0"))]
        assert len(found) <= 50
        seen, pages = seen + found, pages + 1
        following = next((href for href in page.links() if "?after=" in href), "")
    assert (len(seen), len(set(seen)), pages) == (120, 120, 3)


@pytest.mark.parametrize(
    ("address", "column", "total"), [(LISTS[0], "Amount", 19_260), (LISTS[1], "Per month", 54_000)]
)
async def test_the_file_has_every_row_and_adds_up_to_the_figure(
    owner: Browser, address: str, column: str, total: int
) -> None:
    answer = await owner.get(f"{address}/export")
    assert answer.status == 200
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert len(rows) == 120
    assert sum(round(float(row[column]) * 100) for row in rows) == total
    assert f"£{total / 100:.2f}" in (await owner.get(address)).words


@pytest.mark.parametrize("after", ["soon", "20270301T000000.000000-", "-", "20270301T000000.000000-x"])
async def test_a_page_that_cannot_begin_anywhere_is_not_found(owner: Browser, after: str) -> None:
    for address in LISTS:
        assert (await owner.get(f"{address}?after={after}")).status == 404


async def test_only_figures_with_rows_have_a_file(owner: Browser) -> None:
    for key in ("churn", "magic", "sales-31"):
        assert (await owner.get(f"/staff/metrics/figures/{key}/export")).status == 404


async def test_the_metrics_take_few_statements_however_many_members_there_are(owner: Browser) -> None:
    await owner.get("/staff/metrics")
    with database.counted() as sent:
        assert (await owner.get("/staff/metrics")).status == 200
    assert sent.count <= 16
