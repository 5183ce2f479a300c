"""Wishes to be erased that wait: listed for staff, open payment pages closed, Stripe refusing, and told once done."""

import dataclasses
from datetime import timedelta

import pytest

from components.foundation import clock, database, settings
from components.foundation.personal_data import data_retention
from components.memberships.billing import cancellations, subscriptions
from components.payments import stripe_connection
from components.payments.billing_requests import request_completion
from components.people.privacy import erasure_wishes
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import iris
from tests.support import canary_rows, join_members, patience, people
from tests.web.account.test_erasure_states import HERE, SURE, _is_erased, _tables_with

LIST = "/staff/erasures"
LATE = "account waits to be deleted for more than a week"
LAST = "SELECT recipient, subject, text, sent_at FROM email WHERE template = 'account_deleted'"


async def test_who_waits_is_listed_for_staff_on_today_when_it_is_long_and_told_when_it_is_done(kiln: Kiln) -> None:
    staff, maya = await iris(kiln), await people.customer("maya@kiln.test", name="Maya")
    await database.execute("UPDATE person SET email_confirmed_at = now() WHERE id = $1", maya.id)
    browser = await kiln.shop.signed_in("maya@kiln.test")
    assert "Nobody’s wish" in (await staff.get(LIST)).words
    await canary_rows.add("checkout_session", person_id=maya.id, reference_id=maya.id, status="complete",
                          purpose="card", key="k1", currency="GBP")  # fmt: skip
    await canary_rows.add("mirrored_dispute", stripe_id="dp_1", reference_id=maya.id, status="needs_response")
    await canary_rows.add("cancellation_notice", email="maya@kiln.test", kind="ordinary")
    assert "You asked us to delete" in (await browser.post(HERE, SURE)).words
    listed = await staff.get(LIST)
    assert "Maya" in listed.words and "bank decides" in listed.words and "in writing" in listed.words
    assert "Over a week ago" not in listed.words and LATE not in (await staff.get("/staff")).words
    assert "it waits for something" in (await staff.get(f"/staff/members/{maya.id}")).words
    clock.set_everywhere(clock.now() + timedelta(days=7, minutes=1))
    assert LATE in (await staff.get("/staff")).words and "Over a week ago" in (await staff.get(LIST)).words
    await database.execute("UPDATE mirrored_dispute SET status = 'won'")
    await database.execute("DELETE FROM cancellation_notice")
    await erasure_wishes.carry_out()
    await erasure_wishes.carry_out()
    await kiln.shop.catch_up()
    (last,) = await database.fetch(LAST)
    assert await _is_erased(maya.id) and last["recipient"] == "maya@kiln.test"
    assert "1 March 2027 you asked us to delete" in last["text"] and "Hello Maya" in last["text"]
    assert LATE not in (await staff.get("/staff")).words and "Maya" not in (await staff.get(LIST)).words
    await data_retention.drop_what_is_over()
    assert await _tables_with("maya@kiln.test") == ["email"], "it is still to be sent"
    await database.execute("UPDATE email SET sent_at = now() WHERE template = 'account_deleted'")
    await data_retention.drop_what_is_over()
    assert await _tables_with("maya@kiln.test") == []


async def test_who_is_erased_at_once_gets_no_email_and_nothing_can_be_paid_any_more(kiln: Kiln) -> None:
    maya = await people.customer("maya@kiln.test", name="Maya")
    browser = await kiln.shop.signed_in("maya@kiln.test")
    session = await kiln.to_pay(browser)

    def at_stripe() -> str:
        with kiln.stand_in.engine.reading() as books:
            return str(books.get("checkout.session", session)["status"])

    # Stripe does not answer: the wish waits, and says for what
    kiln.shop.stand_in.fault("unavailable", times=1000)
    with patience.of(reads=0.1, per_read=0.1, writes=0.1, first_pause=0.02):
        assert "page of yours is still open" in (await browser.post(HERE, SURE)).words
    kiln.shop.stand_in.fault("unavailable", times=0)
    assert at_stripe() == "open" and not await _is_erased(maya.id)
    (waiting,) = await erasure_wishes.waiting(limit=5, offset=0)
    assert waiting.reasons == () and at_stripe() == "open", "looking closes nothing"
    await browser.post(f"{HERE}/withdrawal")
    assert "Your account has been deleted" in (await browser.post(HERE, SURE)).alerts()
    assert at_stripe() == "expired" and await _is_erased(maya.id)
    await kiln.shop.catch_up()
    assert await database.fetch(LAST) == [] and await kiln.broken() == []


async def test_what_is_paid_at_the_last_moment_is_waited_for_and_then_stands_in_the_way(kiln: Kiln) -> None:
    maya = await people.customer("maya@kiln.test", name="Maya")
    browser = await kiln.shop.signed_in("maya@kiln.test")
    await kiln.pay(await kiln.to_pay(browser))
    assert "on its way" in (await browser.post(HERE, SURE)).words, "paid, and nobody here knew it"
    await kiln.work()
    await erasure_wishes.carry_out()
    assert not await _is_erased(maya.id)
    (waiting,) = await erasure_wishes.waiting(limit=5, offset=0)
    assert waiting.reasons == (erasure_wishes.OBSTACLE,), "an order is to be shipped"


async def test_stripe_refuses_to_end_the_billing_and_nobody_is_erased_before_it_has(
    kiln: Kiln, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await join_members.joins(kiln.shop, kiln.annual)
    maya = await join_members.person()
    running = await subscriptions.running(maya)
    assert running is not None
    await cancellations.schedule(running.id)
    await kiln.work()
    weak = dataclasses.replace(settings.current(), stripe_secret_key="rk_test_without_subscriptions")
    with monkeypatch.context() as patch:
        patch.setattr(settings, "current", lambda: weak)
        stripe_connection.connect(http_client=kiln.stand_in.http_client())
        asked = await browser.post(HERE, SURE)
        await erasure_wishes.carry_out()
    stripe_connection.connect(http_client=kiln.stand_in.http_client())
    assert "membership’s billing" in asked.words and not await _is_erased(maya)
    with kiln.stand_in.engine.reading() as books:
        assert [one["status"] for one in books.find("subscription")] == ["active"]
    await join_members.until(kiln.shop, clock.now() + timedelta(minutes=20))
    await request_completion.settle_due()
    await erasure_wishes.carry_out()
    await kiln.work()
    assert await _is_erased(maya) and len(await database.fetch(LAST)) == 1
    with kiln.stand_in.engine.reading() as books:
        assert [one["status"] for one in books.find("subscription")] == ["canceled"]
    assert await kiln.broken() == []
