"""What the lives have found, each as short as it became."""

import pytest

from components import worker
from components.foundation import database
from tests.support import join_members, make_plans
from tests.support.shops import Shop
from web.standin.resources import customers

CANCEL = "/account/membership/cancellation"


def customer_is_deleted(shop: Shop) -> None:
    """In the bank's dashboard; nobody has been told yet."""
    with shop.stand_in.engine.changing() as books:
        (customer,) = books.find("customer")
        customers.delete(books, customer["id"])


@pytest.mark.parametrize("address", [CANCEL, f"{CANCEL}/withdrawal"])
async def test_what_has_ended_at_the_bank_without_our_knowing_is_said_to_have_ended(shop: Shop, address: str) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    if address != CANCEL:
        await browser.post(CANCEL, {})
    customer_is_deleted(shop)
    said = (await browser.post(address, {})).alerts()
    assert "has ended" in said or "don’t have an active membership" in said, said
    assert "refused" not in said


async def test_a_new_card_of_a_customer_who_was_deleted_meanwhile_leaves_no_job_that_fails(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    await shop.pay(await browser.post("/account/membership/card", {}))
    await shop.stand_in.deliver_due(shop._post)
    customer_is_deleted(shop)
    await shop.catch_up()
    for row in await database.fetch("SELECT id FROM announced_fact WHERE name = 'CardSaved'"):
        await worker.deliver_fact(str(row["id"]))
    assert await database.fetch("SELECT task_name FROM procrastinate_jobs WHERE task_name = 'react'") == []
