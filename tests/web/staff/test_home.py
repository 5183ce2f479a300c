"""The staff's front door shows each operator the work that is theirs, and figures to whoever may see figures."""

from datetime import timedelta

import pytest

from components.foundation import database, ids, jobs
from components.foundation.operations import doctor
from components.insights.todo.todo import TodoCounts
from components.people.sessions import SignedIn
from tests.conftest import NOON
from tests.support import buy_products, fill_basket, make_products, people
from tests.support.shops import Shop
from web.staff.reports import today
from web.visitor import Visitor


@pytest.fixture
async def bought(shop: Shop) -> str:
    """One paid order of three days ago that nobody has sent yet; its number."""
    await fill_basket.ways()
    await make_products.product()
    await buy_products.buy(shop, shop.browser())
    await database.execute("UPDATE orders SET paid_at = $1, placed_at = $1", NOON - timedelta(days=3))
    return (await buy_products.the_order()).number


async def test_an_owner_sees_the_work_and_the_figures(shop: Shop, bought: str) -> None:
    await people.owner()
    page = await (await shop.signed_in("iris@kiln.test")).get("/staff")
    assert "order to ship, the oldest placed 3 days ago" in page.words
    assert "Sales today" in page.words and "MRR" in page.words
    assert "Last 7 days" in page.words


async def test_staff_for_orders_see_orders_and_no_figures(shop: Shop, bought: str) -> None:
    await people.staff("sam@kiln.test", ["orders"])
    page = await (await shop.signed_in("sam@kiln.test")).get("/staff")
    assert "order to ship" in page.words
    assert "MRR" not in page.words and "Sales today" not in page.words and "Low stock" not in page.words


async def test_with_nothing_to_do_it_says_so(shop: Shop) -> None:
    await people.staff("sam@kiln.test", ["orders"])
    page = await (await shop.signed_in("sam@kiln.test")).get("/staff")
    assert "Nothing needs your attention" in page.words


async def test_jobs_that_wait_without_a_worker_are_said_to_wait(shop: Shop) -> None:
    await people.staff("sam@kiln.test", ["orders"])
    browser = await shop.signed_in("sam@kiln.test")
    await jobs.defer("remove_expired_secrets")
    assert "Background jobs are not running" not in (await browser.get("/staff")).words  # it has only just come
    await database.execute("UPDATE procrastinate_events SET at = at - interval '2 minutes'")
    assert "No worker has run yet" in (await browser.get("/staff")).words
    await database.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
    assert "The last sign of a worker was on" in (await browser.get("/staff")).words
    assert not (await doctor._worker()).is_well and "jobs wait" in (await doctor._worker()).words
    await database.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    assert "Background jobs are not running" not in (await browser.get("/staff")).words
    assert (await doctor._worker()).is_well


@pytest.mark.parametrize("email", [None, "noor@kiln.test"])
async def test_nobody_else_comes_in(shop: Shop, email: str | None) -> None:
    await people.customer()
    browser = await shop.signed_in(email) if email else shop.browser()
    page = await browser.get("/staff")
    assert "To do" not in page.words


def test_every_count_leads_somewhere_and_zero_is_silent() -> None:
    everything = TodoCounts(**dict.fromkeys(TodoCounts.__dataclass_fields__, 1))
    owner = Visitor(at=NOON, signed_in=_owner())
    assert len(today.todo_items(everything, owner)) == len(TodoCounts.__dataclass_fields__) - 3
    assert all(chore.href and chore.action for chore in today.todo_items(everything, owner))
    assert today.todo_items(TodoCounts(**dict.fromkeys(TodoCounts.__dataclass_fields__, 0)), owner) == []


def _owner() -> SignedIn:
    return SignedIn(ids.new(), "Iris", "iris@kiln.test", "owner", frozenset(), is_due=False)


async def test_a_flagged_order_and_a_parked_job_are_urgent(shop: Shop, bought: str) -> None:
    await database.execute("UPDATE orders SET flagged_at = $1, flag = 'Look'", NOON)
    await database.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('clubfront', 'send_email', 'failed')"
    )
    await people.owner()
    page = await (await shop.signed_in("iris@kiln.test")).get("/staff")
    assert "order needs attention" in page.words and "background job failed" in page.words
