"""What shoppers do that opens or closes a page at Stripe, or charges a card that is saved."""

from components.memberships.editing import plans
from tests.scenarios.conftest import HOME, Kiln
from tests.scenarios.fault_acts.acts import act, was_charged
from tests.scenarios.fault_acts.member_acts import a_member, submitted
from tests.scenarios.test_saved_card import FAILS_LATER, press, use_at_bank
from tests.support import buy_products, people
from tests.support.pages import Browser, Page
from tests.web.shop.test_gift_memberships import GIFT

HOME_OF_THEO = {**HOME, "email": "theo@kiln.test"}


async def with_a_basket(kiln: Kiln) -> Browser:
    browser = kiln.shop.browser()
    await kiln.to_checkout(browser)
    return browser


async def with_an_open_page(kiln: Kiln) -> Browser:
    browser = kiln.shop.browser()
    await kiln.to_pay(browser)
    return browser


async def a_member_with_a_basket(kiln: Kiln) -> Browser:
    browser = await a_member(kiln)
    await kiln.to_checkout(browser)
    return browser


async def with_a_basket_and_an_account(kiln: Kiln) -> Browser:
    """And a plan to join that renews, and one that is paid once."""
    await plans.create(
        slug="once", name="Once", summary="", price=2000, interval="month", interval_count=6, is_once=True, by=None
    )
    browser = await a_shopper_with_an_account(kiln)
    await kiln.to_checkout(browser)
    return browser


async def checks_out_and_joins(browser: Browser) -> Page:
    return await browser.submit(await browser.get("/checkout?join=monthly"), "/checkout", **HOME_OF_THEO)


async def checks_out_and_pays_once(browser: Browser) -> Page:
    return await browser.submit(await browser.get("/checkout?join=once"), "/checkout", **HOME_OF_THEO)


async def checks_out(browser: Browser) -> Page:
    return await browser.submit(await browser.get("/checkout"), "/checkout", **HOME)


async def pays_with_the_card(browser: Browser) -> Page:
    page = await browser.get("/checkout")
    return await press(browser, page) if "with Visa" in page.words else page


async def types_a_code(browser: Browser) -> Page:
    return await browser.post("/checkout/coupon", {"code": "NONESUCH"})


async def chooses(browser: Browser) -> Page:
    return await browser.post("/checkout/choices", {"country": "GB"})


async def takes_a_code_off(browser: Browser) -> Page:
    return await browser.post("/checkout/coupon/removal", {})


async def takes_a_fee_code_off(browser: Browser) -> Page:
    return await browser.post("/checkout/coupon/fee/removal", {})


async def a_shopper_with_an_account(kiln: Kiln) -> Browser:
    await people.customer("theo@kiln.test", name="Theo")
    return await kiln.shop.signed_in("theo@kiln.test")


async def joins(browser: Browser) -> Page:
    return await submitted(browser, "/join/monthly")


async def a_giver(kiln: Kiln) -> Browser:
    await plans.set_terms(kiln.annual.id, plans.PlanTerms(is_giftable=True), by=None)
    return await a_shopper_with_an_account(kiln)


async def gives(browser: Browser) -> Page:
    return await submitted(browser, "/gifts", **GIFT)


async def whose_card_was_declined(kiln: Kiln) -> Browser:
    """The order awaits payment and has no payment page yet."""
    browser = await a_member_with_a_basket(kiln)
    await use_at_bank(kiln, FAILS_LATER)
    assert (await pays_with_the_card(browser)).heading == "Your saved card wasn’t charged"
    return browser


async def goes_on_to_pay(browser: Browser) -> Page:
    return await browser.post(f"/orders/{(await buy_products.the_order()).token}/payment")


act("a shopper goes to pay", "/checkout", with_a_basket, checks_out)
act("a shopper goes to pay and to join", "/checkout", with_a_basket_and_an_account, checks_out_and_joins)
act("a shopper goes to pay, a plan paid once with it", "/checkout", with_a_basket_and_an_account,
    checks_out_and_pays_once)  # fmt: skip
act("a member pays with the card on file", "/checkout", a_member_with_a_basket, pays_with_the_card, done=was_charged,
    said="Thank you", charged=(2160,))  # fmt: skip
act("a shopper chooses at the checkout", "/checkout/choices", with_an_open_page, chooses)
act("a shopper types a code", "/checkout/coupon", with_an_open_page, types_a_code)
act("a shopper takes a code off", "/checkout/coupon/removal", with_an_open_page, takes_a_code_off)
act("a shopper takes a fee code off", "/checkout/coupon/fee/removal", with_an_open_page, takes_a_fee_code_off)
act("a shopper goes to join", "/join/{plan:str}", a_shopper_with_an_account, joins)
act("a shopper gives a membership", "/gifts", a_giver, gives)
act("a shopper goes back to paying", "/orders/{token:str}/payment", with_an_open_page, goes_on_to_pay)
act("a member pays otherwise than with a declined card", "/orders/{token:str}/payment", whose_card_was_declined,
    goes_on_to_pay)  # fmt: skip
