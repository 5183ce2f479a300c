"""Money that a bank took back for good is no money in, and leaves the result of the plan it was paid for."""

from datetime import timedelta

from components.checkout.taxes import tax_rates
from components.foundation import clock, database
from components.insights.accounting import lost_lines, membership_lines, order_lines
from components.insights.metrics import money_in
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from tests.components.insights.test_rows_add_up import result
from tests.figures.comparing import compare
from tests.scenarios.conftest import HOME, Kiln, session_of
from tests.scenarios.test_49_disputes import DISPUTED, decided, disputed_order
from tests.support import join_members, people

LOST = "Lost disputes"
PAID = order_lines.of_orders, membership_lines.of_payments


async def parts(days: int = 30) -> dict[str, tuple[int, int, int]]:
    return {one.name: (one.count, one.amount, one.tax) for one in await money_in.parts(days)}


async def test_an_order_a_fee_and_a_term_that_banks_took_back(kiln: Kiln) -> None:
    await tax_rates.set_rate("GB", rate_bp=2000)
    await plans.create(slug="once", name="Once", summary="", price=2500, interval="year", is_once=True, by=None)
    await disputed_order(kiln)
    await join_members.joins(kiln.shop, kiln.annual, card=DISPUTED)
    await join_members.joins(kiln.shop, plan_catalogue.by_slug("once"), email="theo@kiln.test", card=DISPUTED)
    await kiln.work()
    assert (await parts())[LOST] == (0, 0, 0), "open: nothing is lost yet"
    paid = sum(one.amount for one in await money_in.parts(30))
    clock.set_everywhere(clock.now() + timedelta(days=2))
    await decided(kiln, "lost")
    order_tax = await database.fetch_value("SELECT tax FROM orders")
    count, amount, tax = (await parts())[LOST]
    assert (count, -amount) == (3, paid) and -tax == order_tax + 650 + 417
    assert sum(one.amount for one in await money_in.parts(30)) == 0
    assert (await parts(1))[LOST][0] == 3 and (await parts(1))["Orders"][0] == 0, "by the day they were lost"
    annual, once = await result(kiln.annual.name), await result("Once")
    assert (annual.disputed, annual.left) == (3250, 0) and (once.disputed, once.left) == (2083, 0)
    assert (await compare(rate_bp=2000)).found == []
    await people.owner()
    page = await (await kiln.shop.signed_in("iris@kiln.test")).get("/staff/metrics")
    assert "Lost disputes" in page.words and "− lost disputes" in page.words


async def test_a_dispute_that_is_won_after_all_is_money_in_again(kiln: Kiln) -> None:
    await disputed_order(kiln)
    await decided(kiln, "lost")
    assert (await parts())[LOST][0] == 1
    await decided(kiln, "won")
    assert (await parts())[LOST] == (0, 0, 0)


async def test_a_lost_payment_for_a_joining_and_an_order_is_told_apart(kiln: Kiln) -> None:
    await tax_rates.set_rate("GB", rate_bp=2000)
    await people.customer("maya@kiln.test", name="Maya")
    browser = await kiln.shop.signed_in("maya@kiln.test")
    await kiln.to_checkout(browser)
    address = {name: value for name, value in HOME.items() if name != "email"}
    session = session_of(await browser.submit(await browser.get("/checkout?join=annual"), "/checkout", **address))
    await kiln.pay(session, DISPUTED)
    await kiln.come_back(browser, session)
    await kiln.work()
    before = await parts()
    assert before["Membership fees"] == (1, 3900, 650) and before["Orders"][1] > 0
    order, fee = [line for source in PAID async for line in source(money_in.span_of(30))]
    assert order.reference == fee.reference == await database.fetch_value("SELECT stripe_id FROM mirrored_payment")
    await decided(kiln, "lost")
    goods, joining = [line async for line in lost_lines.of_lost_disputes(money_in.span_of(30))]
    for paid, lost in ((order, goods), (fee, joining)):
        assert (lost.number, lost.customer, lost.country) == (paid.number, paid.customer, paid.country) and paid.number
        assert (lost.tax_name, lost.rate_bp, lost.net, lost.tax) == ("VAT", 2000, -paid.net, -paid.tax)
    count, amount, tax = (await parts())[LOST]
    assert (count, amount, tax) == (1, -3900 - before["Orders"][1], -650 - before["Orders"][2])
    annual = await result(kiln.annual.name)
    assert annual.disputed == 3250, "what the order cost is no loss of the plan"
    assert (await compare(rate_bp=2000)).found == []
