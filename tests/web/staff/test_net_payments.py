"""Staff read what was paid, what went back, and what the shop has of it, in one block whose sums are true."""

import pytest

from components.foundation import database
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import iris, paid_member, refund, refund_page
from tests.support.pages import Browser, Page

CHARGEBACK = "4000000000000259"


async def paid_order(kiln: Kiln, card: str = "4242424242424242") -> str:
    """For £27.95."""
    await kiln.pay(await kiln.to_pay(kiln.shop.browser()), card)
    await kiln.work()
    (order,) = await kiln.orders()
    return f"/staff/orders/{order['number']}"


async def refunds(staff: Browser, address: str, amount: str) -> Page:
    form = await staff.get(f"{address}/refunds/new")
    return await staff.submit(form, f"{address}/refunds", how="amount", amount=amount)


def block(page: Page) -> str:
    """What stands between the total and the next panel."""
    return page.words.split("Total", 2)[2].split("Customer")[0]


async def test_an_order_names_its_total_what_was_refunded_and_what_is_left_of_the_payment(kiln: Kiln) -> None:
    address, staff = await paid_order(kiln), await iris(kiln)
    assert "Net payment" not in (await staff.get(address)).words
    page = await refunds(staff, address, "5.00")
    assert "Total £27.95" in page.words and "Refunded −£5.00 Net payment £22.95" in page.words, block(page)
    assert "remaining" not in page.words
    await kiln.work()
    page = await refunds(staff, address, "22.95")
    assert "Refunded −£27.95 Net payment £0.00" in page.words


async def test_a_refund_that_the_bank_has_not_made_is_on_its_way(kiln: Kiln) -> None:
    address, staff = await paid_order(kiln), await iris(kiln)
    await refunds(staff, address, "5.00")
    await database.execute("UPDATE refund SET status = 'pending', settled_at = NULL")
    assert "Refund on its way −£5.00 Net payment £22.95" in (await staff.get(address)).words
    await database.execute("UPDATE refund SET status = 'failed'")
    assert "Net payment" not in (await staff.get(address)).words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("needs_response", "Net payment £27.95 Disputed, and held by the bank £27.95"),
        ("lost", "Lost in a dispute −£27.95 Net payment £0.00"),
        ("won", ""),
    ],
)
async def test_a_dispute_is_part_of_the_block(kiln: Kiln, status: str, words: str) -> None:
    address, staff = await paid_order(kiln, CHARGEBACK), await iris(kiln)
    await database.execute("UPDATE mirrored_dispute SET status = $1", status)
    page = await staff.get(address)
    assert words in page.words and ("Net payment" in page.words) is bool(words)


async def test_what_was_given_back_as_store_credit_is_no_money(kiln: Kiln) -> None:
    address, staff = await paid_order(kiln), await iris(kiln)
    await refunds(staff, address, "5.00")
    await database.execute("UPDATE refund SET credit = 200")
    page = await staff.get(address)
    assert "Refunded −£3.00 Net payment £24.95 Given back as store credit £2.00" in page.words


async def test_a_fee_says_the_same_on_the_members_page_and_before_the_next_refund(kiln: Kiln) -> None:
    _, person, invoice = await paid_member(kiln)
    staff = await iris(kiln)
    assert "Net payment" not in (await refund_page(staff, person, invoice)).words
    page = await refund(staff, person, invoice, how="amount", amount="9.00")
    assert "£39.00 paid £9.00 refunded £30.00 net" in page.words
    assert "Paid £39.00 Refunded −£9.00 Net payment £30.00" in (await refund_page(staff, person, invoice)).words
