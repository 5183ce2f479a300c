"""The payments of a membership by e-mail: each failure, the receipt, the end, a card that expires."""

from datetime import UTC, datetime

import pytest

from components import reactions
from components.foundation import clock, database, ids, outbox
from components.memberships.billing import cancellations, fee_refunds, subscriptions
from components.messaging import mailbox
from components.messaging.emails import payment_emails
from components.messaging.notices import notice_emails
from components.payments.facts import InvoiceFailed
from components.pricing import domestic_tax
from components.pricing.tax import NO_TAX, TaxTerms
from tests.scenarios import test_owing as owing
from tests.scenarios.test_owing import CHALLENGED, DAY, FAILS, GOOD, HOUR, PAY, RENEWAL
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop

pytestmark = pytest.mark.usefixtures("german_twins")


async def subjects() -> list[str]:
    """Of the e-mails about payments, oldest first."""
    wanted = "('payment_failed', 'payment_receipt', 'subscription_ended')"
    rows = await database.fetch(f"SELECT subject FROM email WHERE template IN {wanted} ORDER BY created_at, id")
    return [row["subject"] for row in rows]


async def texts(template: str) -> list[str]:
    found = (await mailbox.email_page(template=template)).emails
    return [(await mailbox.practice_email(line.id)).text for line in reversed(found)]


async def test_each_failure_is_told_with_amount_card_next_try_and_where_to_pay_and_then_the_end(shop: Shop) -> None:
    await owing.failing(shop)
    await owing.until(shop, RENEWAL + 17 * DAY)
    assert await subjects() == [
        "Your membership payment of £4.50 did not go through",
        "Your membership payment of £4.50 did not go through again",
        "Your membership payment of £4.50 did not go through again",
        "Your Monthly membership has ended",
    ]
    first, second, third = await texts("payment_failed")
    for text, next_try in ((first, "4 April 2027"), (second, "9 April 2027"), (third, "16 April 2027")):
        assert f"We'll try again on {next_try}." in text and "Card: Visa ending in 0341" in text
        assert PAY in text and "/offline-payments/" not in text
        assert "You keep every benefit until 15 April 2027." in text
    (ended,) = await texts("subscription_ended")
    assert "Your last payment for Monthly didn't go through" in ended and "16 April 2027" in ended
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'open'") == 0


@pytest.mark.parametrize("who", ["staff", "member", "member with a reason", "staff, by a refund"])
async def test_an_owing_membership_that_somebody_ended_did_not_end_by_its_payment(shop: Shop, who: str) -> None:
    await owing.failing(shop)
    await owing.until(shop, RENEWAL + 2 * DAY)
    found = await subscriptions.running(await join_members.person())
    assert found is not None
    iris = (await people.owner()).id
    if who == "staff, by a refund":
        invoice = await database.fetch_value("SELECT invoice FROM paid_period")
        made = await fee_refunds.create(found.id, invoice, 450, ends_now=True, reason="", by=iris, key=ids.new())
        await fee_refunds.send(made.id)
    else:
        reason = "price" if who == "member with a reason" else ""
        await cancellations.schedule(found.id, reason=reason, by=iris if who == "staff" else None)
    await shop.catch_up()
    (ended,) = await texts("subscription_ended")
    assert "didn't go through" not in ended and "You owe nothing" in ended
    assert ("As you asked" in ended) is (who == "member with a reason")


async def test_a_last_failure_that_ends_nothing_says_that_nobody_tries_again(shop: Shop) -> None:
    shop.stand_in.retry_renewals(schedule="two weeks", then="unpaid")
    await owing.failing(shop)
    await owing.until(shop, RENEWAL + 17 * DAY)
    assert (await subjects())[-1] == "Last reminder: your membership payment of £4.50"
    last = (await texts("payment_failed"))[-1]
    assert "We've stopped trying your card" in last and "Your benefits are off until this is paid." in last


async def test_32_what_goes_through_after_a_failure_is_told_as_that_and_once(shop: Shop) -> None:
    browser = await owing.failing(shop)
    await owing.pays(shop, browser)
    await owing.until(shop, RENEWAL + 20 * DAY)
    assert await subjects() == [
        "Your membership payment of £4.50 did not go through",
        "Your payment of £4.50 went through",
    ]
    (text,) = await texts("payment_receipt")
    assert "Period: 1 April 2027 to 1 May 2027" in text and "Card: Visa ending in 4242" in text
    assert "Your membership renews on 1 May 2027." in text
    assert "It will be charged to the card on file: Visa ending in 0341." in text


async def test_47_a_challenge_is_told_with_the_way_to_our_own_page(shop: Shop) -> None:
    await owing.failing(shop, CHALLENGED)
    assert await subjects() == ["Please confirm your membership payment of £4.50"]
    (text,) = await texts("payment_failed")
    assert PAY in text and "Your bank wants you to confirm" in text and "try again" not in text


async def test_each_renewal_has_a_receipt_with_its_tax(shop: Shop) -> None:
    domestic_tax.set_tax(TaxTerms(2000, inclusive=True))
    try:
        await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
        for month in (4, 5):
            await join_members.until(shop, datetime(2027, month, 1, 14, tzinfo=UTC))
    finally:
        domestic_tax.set_tax(NO_TAX)
    assert await subjects() == ["Receipt for your membership: £4.50"] * 2
    first, _ = await texts("payment_receipt")
    assert (
        "Monthly: £4.50\nIncluding £0.75 VAT\n" in first
        and "Paid on 1 April 2027: £4.50\n" in first
        and "Invoice: " in first
    )


async def test_the_first_charge_after_a_trial_has_a_receipt(shop: Shop) -> None:
    from components.memberships.editing import plans
    from components.memberships.plans import plan_catalogue

    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    assert await subjects() == []
    (welcome,) = await texts("membership_started")
    assert "Your trial is free until 15 March 2027." in welcome and "renews" not in welcome
    await join_members.until(shop, clock.now() + 14 * DAY + 2 * HOUR)
    assert await subjects() == ["Receipt for your membership: £4.50"]


async def test_repeated_late_and_shuffled_reports_send_nothing_twice_and_nothing_untrue(shop: Shop) -> None:
    browser = await owing.failing(shop)
    await owing.until(shop, RENEWAL + 5 * DAY)
    failed = [one for one in await _facts() if isinstance(one, InvoiceFailed)]
    assert [one.attempt for one in failed] == [1, 2]
    await database.execute("DELETE FROM email WHERE key LIKE 'payment-failed:%'")
    for fact in (failed[1], failed[0], failed[1], failed[0]):
        await payment_emails.payment_failed(fact)
    assert await subjects() == ["Your membership payment of £4.50 did not go through again"]
    browser = await shop.signed_in(join_members.MAYA)
    await owing.pays(shop, browser)
    await shop.catch_up()
    await database.execute("DELETE FROM email WHERE key LIKE 'payment-failed:%'")
    for fact in [*await _facts()] * 2:
        for reaction in reactions.jobs_for(fact):
            if reaction.__module__.endswith("payment_emails"):
                await reaction(fact)
    assert await subjects() == ["Your payment of £4.50 went through"], (
        "nobody is told of a failure once it has been paid"
    )


async def _facts() -> list[outbox.Fact]:
    rows = await database.fetch("SELECT id FROM announced_fact ORDER BY id")
    found = [await outbox.announced(row["id"]) for row in rows]
    return [fact for fact in found if fact is not None]


async def test_a_cancelled_membership_says_goodbye_when_it_has_ended(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    await cancellations.schedule(row.id)
    await shop.catch_up()
    assert await subjects() == []
    await join_members.until(shop, RENEWAL + 2 * HOUR)
    assert await subjects() == ["Your Monthly membership has ended"]
    (text,) = await texts("subscription_ended")
    assert "As you asked, Monthly ended" in text and "1 April 2027" in text


@pytest.mark.parametrize(("expiry", "told"), [("03 / 27", 1), ("04 / 27", 0)])
async def test_a_card_that_expires_before_the_renewal_is_told_two_weeks_before(
    shop: Shop, expiry: str, told: int
) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    month, year = expiry.split(" / ")
    with shop.stand_in.engine.changing() as books:
        for method in books.find("payment_method"):
            method["card"] |= {"exp_month": int(month), "exp_year": 2000 + int(year)}
    for day in (16, 17, 18, 19):
        clock.set_everywhere(datetime(2027, 3, day, 8, 11, tzinfo=UTC))
        await payment_emails.send_card_notices()
    found = await texts("card_expiring")
    assert len(found) == told
    assert all("Visa ending in 4242, will have expired by then" in text for text in found)


async def test_a_yearly_notice_names_the_price_that_will_be_charged(shop: Shop) -> None:
    from components.memberships.billing import plan_changes
    from components.memberships.editing import plans
    from components.memberships.plans import plan_catalogue

    await make_plans.club(price=3900, slug="annual")
    await plans.create(slug="small", name="Small", summary="", price=2500, interval="year", by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    small = plan_catalogue.by_slug("small")
    found = await plan_changes.difference(row.id, small)
    await plan_changes.apply(row.id, small, at=found.at, agreed=found.due)
    clock.set_everywhere(datetime(2028, 2, 15, 12, tzinfo=UTC))
    await notice_emails.send_renewal_notices()
    (text,) = await texts("renewal_notice")
    assert "Small, a year: £25.00" in text and "Card: Visa ending in 4242" in text
    assert GOOD[-4:] in text and FAILS[-4:] not in text
