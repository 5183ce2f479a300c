"""Every rule about the shop and Stripe: a seeded difference is shown once, repaired, and gone; noise is not shown."""

from collections.abc import Awaitable, Callable

import pytest

from components.foundation import clock, database, ids
from components.insights import stripe_differences
from components.orders import flags, payment_differences, queries
from components.payments import stripe_connection
from components.payments.differences import difference_list
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import iris
from tests.support import join_members, people
from tests.support.pages import Page
from web.staff.payments.difference_text import ADVICE, side_text

PAGE = "/staff/payments/differences"
Seed = Callable[[Kiln], Awaitable[None]]


async def one(sql: str, *values: object) -> str:
    return str(await database.fetch_value(sql, *values))


async def paid_order(kiln: Kiln) -> None:
    await kiln.pay(await kiln.to_pay(kiln.shop.browser()))
    await kiln.work()


async def lost(kiln: Kiln) -> None:
    """The webhooks that are due are lost for good."""
    await kiln.deliveries()


async def status(kiln: Kiln) -> None:
    await database.execute("UPDATE mirrored_subscription SET status = 'past_due'")


async def price(kiln: Kiln) -> None:
    await database.execute("UPDATE mirrored_subscription SET amount = amount + 100")


async def period(kiln: Kiln) -> None:
    await database.execute(
        "UPDATE mirrored_subscription SET current_period_end = current_period_end + interval '1 day'"
    )


async def unknown_subscription(kiln: Kiln) -> None:
    await database.execute("DELETE FROM mirrored_subscription")


async def gone_subscription(kiln: Kiln) -> None:
    await database.execute("UPDATE mirrored_subscription SET stripe_id = 'sub_gone'")
    with kiln.stand_in.engine.store.changing() as stand_in:
        stand_in.execute("DELETE FROM objects WHERE kind = 'subscription'")


async def invoice(kiln: Kiln) -> None:
    await database.execute("UPDATE mirrored_invoice SET status = 'open', amount_paid = 0")


async def no_period(kiln: Kiln) -> None:
    await database.execute("DELETE FROM paid_period")


async def membership_behind(kiln: Kiln) -> None:
    await database.execute("UPDATE subscription SET status = 'past_due'")


async def payment(kiln: Kiln) -> None:
    await paid_order(kiln)
    await database.execute("UPDATE mirrored_payment SET received = 0 WHERE purpose = 'order'")


async def refund(kiln: Kiln) -> None:
    intent = await one("SELECT payment_intent FROM mirrored_invoice WHERE status = 'paid'")
    await stripe_connection.client().v1.refunds.create_async({"payment_intent": intent, "amount": 100})
    await lost(kiln)


async def gone_refund(kiln: Kiln) -> None:
    intent = await one("SELECT payment_intent FROM mirrored_invoice WHERE status = 'paid'")
    await database.execute(
        "INSERT INTO mirrored_refund (stripe_id, payment_intent, reference_id, status, amount, currency, failure,"
        " created_at, mirrored_at) SELECT 're_gone', $1, local_id, 'succeeded', 100, 'GBP', '', $2, $2"
        " FROM mirrored_invoice LIMIT 1",
        intent,
        clock.now(),
    )


async def unanswered_refund(kiln: Kiln) -> None:
    intent = await one("SELECT payment_intent FROM mirrored_invoice WHERE status = 'paid'")
    await database.execute(
        "INSERT INTO requested_refund (key, reference_id, payment_intent, amount, currency, asked_at)"
        " SELECT $1, local_id, $2, 100, 'GBP', $3 FROM mirrored_invoice LIMIT 1",
        ids.new(),
        intent,
        clock.now(),
    )


async def dispute(kiln: Kiln) -> None:
    session = await kiln.to_pay(kiln.shop.browser())
    await kiln.pay(session, "4000000000000259")
    await kiln.work()
    await database.execute("DELETE FROM mirrored_dispute")


async def page(kiln: Kiln) -> None:
    await kiln.to_pay(kiln.shop.browser())
    await lost(kiln)
    await database.execute("UPDATE checkout_session SET expires_at = $1 WHERE purpose = 'order'", clock.now())


async def customer(kiln: Kiln) -> None:
    with kiln.stand_in.engine.store.changing() as stand_in:
        stand_in.execute("UPDATE objects SET body = json_set(body, '$.deleted', json('true')) WHERE kind = 'customer'")


async def unknown_price(kiln: Kiln) -> None:
    await database.execute("DELETE FROM payment_reference WHERE kind LIKE 'price%'")


async def unpaid_order(kiln: Kiln) -> None:
    """Its money is there, and the order never heard of it."""
    await paid_order(kiln)
    await database.execute("UPDATE orders SET paid_at = NULL")


async def order_without_money(kiln: Kiln) -> None:
    await paid_order(kiln)
    await database.execute("UPDATE checkout_session SET paid_at = NULL, status = 'expired' WHERE purpose = 'order'")


SEEDS: dict[str, Seed] = {
    "subscription_status": status,
    "subscription_price": price,
    "subscription_period": period,
    "subscription_unknown": unknown_subscription,
    "subscription_gone": gone_subscription,
    "invoice_status": invoice,
    "payment_unmirrored": payment,
    "refund_differs": refund,
    "refund_gone": gone_refund,
    "refund_unanswered": unanswered_refund,
    "dispute_differs": dispute,
    "page_overdue": page,
    "customer_deleted": customer,
    "price_unknown": unknown_price,
    "invoice_without_period": no_period,
    "membership_behind": membership_behind,
    "order_without_money": order_without_money,
    "money_without_order": unpaid_order,
}


OF_ORDERS = ("payment_unmirrored", "dispute_differs", "page_overdue", "order_without_money", "money_without_order")


async def compared() -> list[str]:
    await stripe_differences.compare()
    return [difference.rule for difference in await difference_list.open_ones()]


def test_every_rule_has_a_seed() -> None:
    assert set(SEEDS) == {rule.name for rule in stripe_differences.RULES}


@pytest.mark.parametrize("rule", SEEDS)
async def test_a_difference_is_shown_once_repaired_and_gone(kiln: Kiln, rule: str) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    staff = await iris(kiln)
    kiln.later(hours=1)
    assert await compared() == []
    await SEEDS[rule](kiln)
    kiln.later(hours=1)
    assert (await compared()).count(rule) == 1
    assert (await compared()).count(rule) == 1
    shown = await staff.get(PAGE)
    words = next(one.words for one in stripe_differences.RULES if one.name == rule)
    assert shown.words.count(words) == 2, "once as a difference, once in the list of what is compared"
    assert ADVICE[rule] in shown.words
    number = await database.fetch_value("SELECT number FROM orders")
    person = await one("SELECT id FROM person WHERE email = 'maya@kiln.test'")
    is_of_order = rule in OF_ORDERS
    assert (f"/staff/orders/{number}" if is_of_order else f"/staff/members/{person}") in shown.links(), rule
    assert (f"Order {number}" if is_of_order else "Maya") in shown.words
    difference = await one("SELECT id FROM stripe_difference WHERE rule = $1 AND gone_at IS NULL", rule)
    after = await repaired(staff_page=shown, staff=staff, difference=difference)
    result = await one("SELECT result FROM stripe_difference WHERE id = $1::uuid", difference)
    assert result and result in after.alerts()
    await kiln.work()
    kiln.later(hours=1)
    assert rule not in await compared(), result
    audited = "SELECT count(*) FROM audit_entry WHERE what = 'difference from Stripe repaired'"
    assert int(await one(audited)) == 1
    assert (await staff.post(f"{PAGE}/{difference}/repair")).alerts().strip() == "This difference is no longer open."


async def test_an_order_without_money_is_shown_whatever_else_it_is_flagged_for(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    await order_without_money(kiln)
    order_id = await database.fetch_value("SELECT id FROM orders")
    await flags.note(order_id, "Something else.")
    kiln.later(hours=1)
    assert await compared() == ["order_without_money"]
    await payment_differences.flag_order(str(order_id))
    assert (await queries.by_id(order_id)).issues == ("Something else.", payment_differences.NO_MONEY)  # type: ignore
    kiln.later(hours=1)
    assert await compared() == []


async def repaired(*, staff_page: Page, staff: object, difference: str) -> Page:
    return await staff.submit(staff_page, f"{PAGE}/{difference}/repair")  # type: ignore[attr-defined, no-any-return]


async def test_what_is_still_on_its_way_is_not_shown(kiln: Kiln) -> None:
    """Paid, refunded and disputed a moment ago, and no webhook has come yet."""
    await join_members.joins(kiln.shop, kiln.annual)
    session = await kiln.to_pay(kiln.shop.browser())
    await kiln.pay(session, "4000000000000259")
    await refund(kiln)
    kiln.later(minutes=5)
    assert await compared() == []


async def test_a_renewal_of_a_moment_ago_is_still_on_its_way(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    kiln.later(days=366, minutes=5)
    assert await compared() == []
    kiln.later(minutes=20)
    assert "subscription_period" in await compared()


async def test_a_pause_is_no_difference_planned_under_way_or_over(kiln: Kiln) -> None:
    """Stripe calls paid time whose renewal was moved a trial."""
    await join_members.joins(kiln.shop, kiln.annual)
    staff, here = await iris(kiln), f"/staff/members/{await join_members.person()}"
    for start in ("end", "now"):
        between = await staff.submit(await staff.get(here), f"{here}/pause", choice=f"{start}-1")
        page = await staff.submit(between, f"{here}/pause")
        assert "The membership pauses" in page.alerts()
        await kiln.work()
        kiln.later(hours=1)
        assert await compared() == []
        await staff.submit(await staff.get(f"{here}/pause/end"), f"{here}/pause/end")
        await kiln.work()
        kiln.later(hours=1)
        assert await compared() == []


async def test_what_nobody_has_repaired_is_still_open_months_later(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    await refund(kiln)
    for days in (1, 20, 20, 20):
        kiln.later(days=days)
        assert await compared() == ["refund_differs"]


async def test_an_event_that_waits_in_the_inbox_is_not_shown(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    intent = await one("SELECT payment_intent FROM mirrored_invoice WHERE status = 'paid'")
    await stripe_connection.client().v1.refunds.create_async({"payment_intent": intent, "amount": 100})
    for body, headers in await kiln.deliveries():
        await kiln.post(body, headers)
    kiln.later(hours=1)
    assert await compared() == []


async def test_objects_of_another_shop_are_not_shown(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    theirs = await stripe_connection.client().v1.customers.create_async({"email": "noor@example.org"})
    stripe_price = await one("SELECT price FROM mirrored_subscription")
    await stripe_connection.client().v1.subscriptions.create_async(
        {"customer": theirs.id, "items": [{"price": stripe_price}], "trial_period_days": 30}
    )
    kiln.later(hours=1)
    assert await compared() == []


async def test_what_is_explained_is_no_longer_open_and_needs_words(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    staff = await iris(kiln)
    kiln.later(hours=1)
    await price(kiln)
    await compared()
    shown = await staff.get(PAGE)
    difference = await one("SELECT id FROM stripe_difference")
    refused = await staff.submit(shown, f"{PAGE}/{difference}/explanation", words=" ")
    assert "Write why it is so" in refused.alerts()
    after = await staff.submit(shown, f"{PAGE}/{difference}/explanation", words="Agreed by telephone")
    assert "Left as they are" in after.words and "Agreed by telephone" in after.words
    assert await compared() == []


async def test_staff_may_ask_for_a_comparison_and_see_when_it_was(kiln: Kiln) -> None:
    staff = await iris(kiln)
    page = await staff.get(PAGE)
    assert "Not compared yet" in page.words
    await staff.submit(page, f"{PAGE}/comparison")
    await kiln.work()
    assert "The shop and Stripe agree." in (await staff.get(PAGE)).words


async def test_a_comparison_without_an_answer_says_so_and_loses_nothing(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    kiln.later(hours=1)
    await price(kiln)
    assert await compared() == ["subscription_price"]
    kiln.stand_in.fault("unavailable", times=9)
    kiln.later(minutes=1)
    assert await compared() == ["subscription_price"]
    kiln.stand_in.fault("unavailable", times=0)
    page = await (await iris(kiln)).get(PAGE)
    assert "the comparison is not complete" in page.words and "agree" not in page.words


def test_each_side_is_told_in_plain_words() -> None:
    assert side_text("past_due", "active") == "Past due"
    assert side_text("4.50 GBP, price_1", "5.50 GBP, price_2") == "4.50 GBP"
    assert side_text("4.50 GBP, price_1", "4.50 GBP, price_2") == "4.50 GBP, price_1", "only the id differs"
    assert side_text("2027-03-01 12:00 UTC", "over") == "Monday 1 March 2027 at 12:00"
    assert side_text("unknown", "active") == "Not there"


async def test_a_person_whose_page_may_not_be_opened_is_named_without_a_link(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    kiln.later(hours=1)
    await price(kiln)
    await compared()
    await people.staff("sam@kiln.test", ["orders"])
    shown = await (await kiln.shop.signed_in("sam@kiln.test")).get(PAGE)
    assert "Maya" in shown.words and not any(link.startswith("/staff/members/") for link in shown.links())
