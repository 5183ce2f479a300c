"""What is told of a price to come, with a discount and in a trial: by page and e-mail, to the penny."""

from datetime import UTC, datetime, timedelta

from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.ledger import credit
from components.memberships.billing import price_migrations, subscriptions
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.memberships.renewal_credits import credit_choices
from tests.scenarios.test_plans import agreed, hers, sound, trying, two_plans
from tests.support import agreed_dates, join_members, make_plans
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_save_offers import a_member

HERE, DAY = "/account/membership", timedelta(days=1)


async def told(template: str) -> str:
    (text,) = await database.fetch_values("SELECT text FROM email WHERE template = $1", template)
    return " ".join(text.split())


async def discounted(payments: int | None) -> None:
    terms = FeeDiscountTerms(percent_bp=3300, payments=payments)
    await fee_discounts.put(await hers(), terms, key=ids.new(), reason="Sorry")


async def rises(shop: Shop, browser: Browser, slug: str, *, price: int) -> str:
    """A new price is announced in March; the words of the membership page."""
    await plans.revise(plan_catalogue.by_slug(slug).id, price=price, by=None)
    moved, before = plan_catalogue.by_slug(slug), (await browser.get(HERE)).words
    await price_migrations.schedule(moved, from_at=clock.now() + DAY, notice_days=14, by=None)
    assert "New members pay" in before and " from 1 April" not in before
    clock.set_everywhere(datetime(2027, 3, 6, 12, tzinfo=UTC))
    await price_migrations.run_due()
    await shop.catch_up()
    return (await browser.get(HERE)).words


async def test_page_and_email_name_both_prices_and_take_the_discount_off(shop: Shop) -> None:
    maya = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await discounted(2)
    words = await rises(shop, maya, "monthly", price=525)
    assert "Next charge £3.52 on 1 April 2027 Price £4.50 a month" in words
    assert "£5.25 a month from 1 April 2027" in words and "New members pay" not in words
    text = await told("price_moves")
    assert "Until 1 April 2027: £4.50 a month" in text
    assert "From 1 April 2027: £3.52 (33% off your next 2 payments; without it £5.25 a month)" in text
    assert await sound() == []


async def test_in_a_trial_nothing_is_said_of_what_was_paid(shop: Shop) -> None:
    plan = await trying(days=20)
    maya = await join_members.joins(shop, plan)
    words = await rises(shop, maya, plan.slug, price=500)
    assert "£5.00 a month from 21 March 2027" in words
    text = await told("price_moves")
    assert "Until 21 March 2027: free during your trial (£4.00 a month was agreed for the time after it)" in text
    assert "From 21 March 2027: £5.00 a month" in text and "paid" not in text


async def test_the_email_of_a_planned_change_takes_the_discount_off(shop: Shop) -> None:
    _, large = await two_plans()
    maya = await join_members.joins(shop, large)
    await discounted(2)
    await agreed(maya, "small")
    await shop.catch_up()
    text = await told("plan_change_planned")
    assert "From then on you pay £3.01 (33% off your next 2 payments; without it £4.50 a month)" in text
    found = await subscriptions.by_id(await hers())
    assert not found.cancel_at


async def test_a_move_that_stripe_refused_once_is_made_before_the_renewal(shop: Shop) -> None:
    maya = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await rises(shop, maya, "monthly", price=525)
    await join_members.until(shop, datetime(2027, 3, 31, 13, tzinfo=UTC))
    moved = "SELECT count(*) FROM price_move WHERE moved_at IS NOT NULL"
    await subscriptions.price_of(plan_catalogue.by_slug("monthly"))  # which Stripe has to know before
    shop.stand_in.fault("refused", times=1)
    await price_migrations.run_due()
    assert await database.fetch_value(moved) == 0
    assert await database.fetch_values("SELECT outcome FROM billing_request") == ["refused"]
    for _ in range(2):
        await price_migrations.run_due()
    assert await database.fetch_value(moved) == 1
    await join_members.until(shop, datetime(2027, 4, 2, tzinfo=UTC))
    assert await database.fetch_values("SELECT amount FROM paid_period ORDER BY starts_at") == [450, 525]
    assert await sound() == []


async def confirms(browser: Browser, months: int = 1) -> str:
    return (await browser.get(f"{HERE}/pause/confirmation?start=now&months={months}")).words


async def test_the_confirm_page_of_a_pause_names_the_sum_that_the_member_page_names_afterwards(shop: Shop) -> None:
    """With a discount, an announced price and store credit."""
    maya = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await discounted(2)
    assert "Next charge £3.01 on 1 April 2027" in (await maya.get(HERE)).words
    words = await confirms(maya, 2)
    assert "£3.01 on 1 June 2027 33% off your next 2 payments; without it £4.50 a month" in words, words
    assert "charged then: £3.01 (33% off your next 2 payments" in (await maya.get(f"{HERE}/pause")).words
    await rises(shop, maya, "monthly", price=525)
    asked = await confirms(maya)
    assert "£3.52 on 2 May 2027 33% off your next 2 payments; without it £5.25 a month" in asked, asked
    assert "About" not in asked
    await wants_credit(200)
    asked = await confirms(maya)
    assert "Next charge £1.52 on 2 May 2027" in asked and "£2.00 of your store credit will be used" in asked
    await maya.post(f"{HERE}/pause", agreed_dates.pause_now())
    assert "Next charge £1.52 on 2 May 2027" in (await maya.get(HERE)).words
    resuming = (await maya.get(f"{HERE}/pause/end")).words
    assert "Next charge £1.52 on 1 April 2027" in resuming and "£2.00 of your store credit" in resuming


async def test_a_save_offer_is_off_the_price_that_the_next_payment_will_be(shop: Shop) -> None:
    maya, _, _ = await a_member(shop)
    await rises(shop, maya, "monthly", price=1000)
    words = (await maya.get(f"{HERE}/cancellation")).words
    assert "you pay £8.00 instead of £10.00" in words and "instead of £9.00" not in words
    assert "Change to Small: £4.00 a month instead of £10.00." in words


async def test_a_change_of_plan_today_takes_the_discount_off_what_comes_then(shop: Shop) -> None:
    small, _ = await two_plans()
    maya = await join_members.joins(shop, small)
    await discounted(3)
    clock.set_everywhere(clock.now() + 10 * DAY)
    words = (await maya.get(f"{HERE}/plan/large")).words
    assert "With your discount £6.03, with 33% off" in words, words


async def wants_credit(amount: int) -> None:
    await setting_rows.change({"renewal_credit": "yes"}, by=None)
    person = await join_members.person()
    await credit_choices.choose(person, wanted=True)
    await credit.grant(person, amount, cause=f"test:{ids.new()}", words="For the test", expires_at=None)
