"""What staff see of payments, and what they can do about what is stuck."""

from components.foundation import clock, database, ids
from components.insights import invariants as every_invariant
from components.payments.billing_requests import request_kinds
from components.payments.webhooks import inbox
from tests.scenarios.conftest import Kiln
from tests.support import join_members, people
from tests.support.pages import Browser
from web.staff.payments.payments import A_PAGE
from web.staff.payments.unsettled_requests import REQUEST_NAMES


async def stuck(kiln: Kiln) -> str:
    """An event about a page that is gone, tried until it was parked; its id."""
    await kiln.pay(await kiln.to_pay(kiln.shop.browser()))
    await database.execute("DELETE FROM checkout_session")
    for body, headers in await kiln.deliveries():
        await kiln.post(body, headers)
    event_id = await database.fetch_value("SELECT id FROM inbox_event WHERE type = 'checkout.session.completed'")
    for _ in range(len(inbox.PAUSES) + 1):
        await inbox.process(event_id)
    return str(event_id)


async def differing(kiln: Kiln) -> str:
    session_id = await kiln.to_pay(kiln.shop.browser())
    await database.execute("UPDATE checkout_session SET amount = amount + 100, currency = 'EUR'")
    await kiln.pay(session_id)
    await kiln.work()
    return str(await database.fetch_value("SELECT id FROM mismatch"))


async def iris(kiln: Kiln) -> Browser:
    await people.owner()
    return await kiln.shop.signed_in("iris@kiln.test")


async def test_a_quiet_day_says_so(kiln: Kiln) -> None:
    page = await (await iris(kiln)).get("/staff/payments")
    assert "every payment matches the agreed amount" in page.words


async def test_a_parked_event_is_shown_with_its_reason_and_can_be_taken_up(kiln: Kiln) -> None:
    event_id = await stuck(kiln)
    browser = await iris(kiln)
    page = await browser.get("/staff/payments")
    assert "Failed events" in page.words and "which is not here" in page.words
    after = await browser.submit(page, f"/staff/payments/events/{event_id}/tries")
    assert "being retried" in after.alerts()
    assert "Failed events" not in after.words
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'payment event retried'") == 1
    assert (await browser.post("/staff/payments/events/evt_unknown/tries")).status == 404


async def test_a_payment_that_differs_is_shown_until_somebody_has_seen_to_it(kiln: Kiln) -> None:
    mismatch_id = await differing(kiln)
    browser = await iris(kiln)
    listed = await browser.get("/staff/payments")
    assert "Payment mismatches" in listed.words and "27.95 GBP" in listed.words
    address = f"/staff/payments/mismatches/{mismatch_id}"
    page = await browser.get(address)
    assert any(link.startswith("/staff/orders/K-") for link in page.links())
    refused = await browser.submit(page, address, words="")
    assert refused.status == 422 and refused.alerts()
    after = await browser.submit(page, address, words="Refunded by hand.")
    assert "resolved" in after.alerts()
    assert "Refunded by hand." in (await browser.get(address)).words
    assert (await browser.post(address, {"words": "Once more."})).status == 404


async def test_every_event_is_listed_with_what_came_of_it(kiln: Kiln) -> None:
    await kiln.pay(await kiln.to_pay(kiln.shop.browser()))
    await kiln.work()
    browser = await iris(kiln)
    page = await browser.get("/staff/payments/events")
    assert "checkout.session.completed" in page.words and "Processed" in page.words
    assert (await browser.get("/staff/payments/events?page=99")).status == 200
    assert (await browser.get("/staff/payments/events?page=-1")).status == 200


async def test_whoever_may_only_see_orders_sees_but_changes_nothing(kiln: Kiln) -> None:
    event_id, mismatch_id = await stuck(kiln), ids.new()
    await people.staff()
    browser = await kiln.shop.signed_in("sam@kiln.test")
    page = await browser.get("/staff/payments")
    assert "Failed events" in page.words and "Retry" not in page.words
    assert (await browser.post(f"/staff/payments/events/{event_id}/tries")).status == 403
    assert (await browser.post(f"/staff/payments/mismatches/{mismatch_id}", {"words": "x"})).status == 403


async def test_customers_and_strangers_do_not_get_in(kiln: Kiln) -> None:
    await people.customer()
    customer, stranger = await kiln.shop.signed_in("noor@kiln.test"), kiln.shop.browser()
    for address in ("/staff/payments", "/staff/payments/events", f"/staff/payments/mismatches/{ids.new()}"):
        assert (await customer.get(address)).status == 403
        assert (await stranger.get(address)).path.startswith("/sign-in")


async def test_an_event_that_waits_says_when_it_is_tried_again(kiln: Kiln) -> None:
    await kiln.pay(await kiln.to_pay(kiln.shop.browser()))
    await database.execute("DELETE FROM checkout_session")
    for body, headers in await kiln.deliveries():
        await kiln.post(body, headers)
    event_id = await database.fetch_value("SELECT id FROM inbox_event WHERE type = 'checkout.session.completed'")
    await inbox.process(event_id)
    page = await (await iris(kiln)).get("/staff/payments/events")
    assert "Waiting" in page.words and "Next attempt" in page.words


async def test_refused_webhooks_of_the_last_day_are_on_today(kiln: Kiln) -> None:
    browser = await iris(kiln)
    assert (await kiln.post(b"{}", {"stripe-signature": "t=1,v1=nobody"})) == 400
    today = await browser.get("/staff")
    assert "1 refused webhook in the last day" in today.words
    assert "/staff/payments#refused-deliveries" in today.links()
    assert 'id="refused-deliveries"' in (await browser.get("/staff/payments")).text
    kiln.later(hours=25)
    assert "refused webhook" not in (await browser.get("/staff")).words


async def unanswered(kiln: Kiln, kind: str = "pay_invoice") -> None:
    await database.execute(
        """INSERT INTO billing_request (id, kind, subject, key, sent_key, params, asked_at, keyed_at, tries, is_awaited,
          why, is_declined)
        SELECT gen_random_uuid(), $2, id, 'k', 'k', '{}', $1, $1, 7, true, '', false FROM subscription""",
        clock.now(), kind,
    )  # fmt: skip


async def test_a_change_without_an_answer_for_hours_is_on_today_with_whose_it_is(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    browser = await iris(kiln)
    await unanswered(kiln)
    for hours, is_shown in ((1, False), (2, True)):
        kiln.later(hours=hours)
        today = await browser.get("/staff")
        assert ("1 change at Stripe without an answer for hours" in today.words) is is_shown
        found = {part.name: part.broken async for part in every_invariant.overdue()}
        assert bool(found["requests to Stripe"]) is is_shown
    assert "/staff/payments#unsettled" in today.links()
    page = await browser.get("/staff/payments")
    assert "Charge a fee that is due" in page.words and "Maya" in page.words
    assert f"/staff/members/{await join_members.person()}" in page.links()
    assert not [part.broken async for part in every_invariant.examine() if part.broken], "its data is in order"


def test_every_kind_of_request_has_words() -> None:
    assert set(REQUEST_NAMES) == set(request_kinds._KINDS)


async def test_failed_jobs_are_named_by_check_invariants_and_do_not_spoil_a_backup(kiln: Kiln) -> None:
    await database.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('clubfront', 'send_email', 'failed')"
    )
    found = {part.name: part.broken async for part in every_invariant.overdue()}
    assert found["background jobs"] == ("send_email: 1 failed, see /staff/jobs",)
    assert not [part.broken async for part in every_invariant.examine() if part.broken]


async def test_the_overview_has_pages_of_checkout_sessions(kiln: Kiln) -> None:
    await kiln.to_pay(kiln.shop.browser())
    for n in range(A_PAGE):
        await database.execute(COPY, n + 1)
    browser = await iris(kiln)
    first = await browser.get("/staff/payments")
    assert first.words.count(", attempt") == A_PAGE - 1, "the newest is the first attempt"
    assert "/staff/payments?page=2" in first.links()
    last = await browser.get("/staff/payments?page=2")
    assert last.words.count(", attempt") == 1
    assert (await browser.get("/staff/payments?page=99")).status == 200


COPY = """
INSERT INTO checkout_session SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),
  'attempt', 100 + $1::int, 'status', 'expired', 'stripe_session_id', NULL, 'key', 'copy' || $1,
  'created_at', s.created_at - make_interval(mins => $1)))).* FROM checkout_session s WHERE attempt < 100
"""
