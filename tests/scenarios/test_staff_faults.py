"""Staff's acts on a membership in every kind of fault of Stripe: nothing twice, and nothing untrue is said.

`test_many_faults.py` does the same with what members do; the faults and their seconds are those.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.payments import invariants
from tests.scenarios.test_many_faults import SCALE, STORMS, quiet, settled, struck
from tests.support import join_members, make_plans, patience, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop.test_gift_memberships import GIFT, noor
from web.standin.http import faults

__all__ = ["struck"]


@pytest.fixture(autouse=True)
def twentieth() -> Iterator[None]:
    with patience.scaled(SCALE):
        yield


def books_of(shop: Shop, kind: str) -> list[dict[str, object]]:
    with shop.stand_in.engine.reading() as books:
        return [dict(one) for one in books.find(kind)]


async def refunded(iris: Browser, person: object, invoice: str) -> Page:
    here = f"/staff/members/{person}/fees/{invoice}/refunds"
    return await iris.submit(await iris.get(f"{here}/new"), here, how="amount", amount="1.00")


async def ended(iris: Browser, person: object) -> Page:
    here = f"/staff/members/{person}/cancellation/now"
    return await iris.submit(await iris.get(here), here)


@pytest.mark.parametrize("storm", STORMS, ids=[storm[0] for storm in STORMS])
async def test_a_refund_and_an_end_by_staff_are_made_once_and_told_truly(
    shop: Shop, struck: list[str], storm: tuple[faults.Kind, tuple[int, ...], tuple[float, ...]]
) -> None:
    kind, times, seconds = storm
    await people.owner("iris@kiln.test")
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    person = await join_members.person()
    invoice = str(await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'"))
    iris = await shop.signed_in("iris@kiln.test")

    def blows() -> None:
        shop.stand_in.fault(kind, times=times[-1], amount=seconds[-1] * SCALE)

    blows()
    page = await refunded(iris, person, invoice)
    await quiet(shop)
    await settled(shop)
    made = [one["amount"] for one in books_of(shop, "refund") if one["status"] == "succeeded"]
    assert made in ([], [100]), "never twice"
    if "£1.00 refunded." in page.alerts():
        assert made == [100]
    member = (await iris.get(f"/staff/members/{person}")).words
    assert ("£1.00 refunded" in member) is bool(made), (page.alerts(), member)
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    blows()
    page = await ended(iris, person)
    await quiet(shop)
    await settled(shop)
    (subscription,) = books_of(shop, "subscription")
    is_over = subscription["status"] == "canceled"
    if "The membership has ended." in page.alerts():
        assert is_over
    status = await database.fetch_value("SELECT status FROM subscription")
    assert (status == "cancelled") is is_over, (page.alerts(), status)
    assert kind in struck and await invariants.invariants() == []


@pytest.mark.parametrize("storm", STORMS, ids=[storm[0] for storm in STORMS])
async def test_a_gift_is_paid_for_and_sent_once_whatever_strikes_its_payment_page_and_the_way_back(
    shop: Shop, struck: list[str], storm: tuple[faults.Kind, tuple[int, ...], tuple[float, ...]]
) -> None:
    kind, times, seconds = storm
    buyer = await noor(shop)
    form = await buyer.get("/gifts")
    shop.stand_in.fault(kind, times=times[-1], amount=seconds[-1] * SCALE)
    page = await buyer.submit(form, "/gifts", **GIFT)
    await quiet(shop)
    if not page.path.startswith("/offline-payments/"):
        assert books_of(shop, "charge") == [] and page.status < 500
        page = await buyer.submit(await buyer.get("/gifts"), "/gifts", **GIFT)
    outcome = await shop.pay(page)
    shop.stand_in.fault(kind, times=times[-1], amount=seconds[-1] * SCALE)
    back = await buyer.get(outcome.url)  # type: ignore[attr-defined]
    assert back.status < 500
    await quiet(shop)
    await settled(shop)
    assert [one["amount"] for one in books_of(shop, "charge")] == [3900]
    paid = "SELECT count(*) FROM gift_membership WHERE paid_at IS NOT NULL AND sent_at IS NOT NULL"
    assert await database.fetch_value(paid) == 1
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'gift'") == 1
    assert (await buyer.get(back.path)).heading == "Your gift has been sent"
    assert kind in struck and await invariants.invariants() == []
