"""Scenario 49: staff answer a dispute: evidence from the shop's records, sent once; the loss accepted; all outcomes."""

import dataclasses
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids, settings
from components.foundation.operations import security_events
from components.payments import disputes, payer_erasure, reconcile, stripe_connection
from components.payments.dispute_answers import dispute_answers, evidence_drafts, evidence_fields
from components.payments.dispute_answers.dispute_answers import BeingAnswered, ChangedMeanwhile, NothingToAnswer
from components.payments.dispute_answers.tables import DisputeAnswer
from components.payments.payment_refusals import OutcomeUnknown, PaymentRefused
from components.people.facts import PersonErased
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import iris
from tests.scenarios.test_49_disputes import decided, disputed_fee, disputed_order
from tests.support import join_members, people
from tests.support.addresses import at_address
from tests.support.pages import Browser, Page
from web.staff.payments.dispute_evidence_form import EvidenceForm
from web.standin.charging import disputes as bank


async def dispute() -> disputes.DisputeView:
    return await disputes.by_id(str(await database.fetch_value("SELECT stripe_id FROM mirrored_dispute")))


async def at_stripe() -> Any:
    """As a plain dictionary."""
    return (await stripe_connection.client().v1.disputes.retrieve_async((await dispute()).id)).to_dict()


async def opened(kiln: Kiln, staff: Browser) -> Page:
    return await staff.get(f"/staff/payments/disputes/{(await dispute()).id}")


async def saved(staff: Browser, **typed: str) -> Page:
    """The review page."""
    here = f"/staff/payments/disputes/{(await dispute()).id}/evidence"
    return await staff.submit(await staff.get(here), here, **typed)


async def sent(staff: Browser, review: Page) -> Page:
    return await staff.submit(review, f"/staff/payments/disputes/{(await dispute()).id}/evidence/submission")


async def answer_rows() -> list[tuple[str, str]]:
    """In no order: two of one instant have none."""
    rows = await database.fetch("SELECT kind, outcome FROM dispute_answer")
    return sorted((str(row["kind"]), str(row["outcome"])) for row in rows)


async def owner() -> UUID:
    return await database.fetch_value("SELECT person FROM operator") or (await people.owner()).id


async def owner_and_draft(**fields: str) -> tuple[UUID, UUID]:
    by = await owner()
    return by, (await evidence_drafts.save((await dispute()).id, fields or {"customer_name": "Noor"}, by=by)).id


def test_the_form_has_every_text_that_a_bank_takes_and_no_other() -> None:
    assert set(EvidenceForm.declared) == set(evidence_fields.NAMES)
    for reason in ("general", "fraudulent", "duplicate", "subscription_canceled", "of_a_kind_to_come"):
        for is_membership in (True, False):
            first = evidence_fields.first_for(reason, is_membership=is_membership)
            assert set(first) <= set(evidence_fields.NAMES) and len(set(first)) == len(first)


async def test_49_evidence_about_an_order_is_begun_from_its_records_and_sent_once(kiln: Kiln) -> None:
    staff, number = await iris(kiln), await disputed_order(kiln)
    order = await staff.get(f"/staff/orders/{number}")
    await staff.submit(order, f"/staff/orders/{number}/shipment", carrier="Postal Union", tracking="PU-77")
    await kiln.work()
    page = await opened(kiln, staff)
    here = f"{page.path}/evidence"
    form = (await staff.get(here)).form(here).given
    assert form["customer_name"] == "Noor Haddad" and form["customer_email_address"] == "noor@example.org"
    assert number in form["product_description"] and "Moon mug" in form["product_description"]
    assert (
        form["shipping_address"].startswith("Noor Haddad\n4 Mill Lane") and form["shipping_carrier"] == "Postal Union"
    )
    assert form["shipping_tracking_number"] == "PU-77" and "paid" in form["uncategorized_text"]
    review = await saved(staff, uncategorized_text="First line\r\nSecond line")
    assert "Nothing is sent yet" in review.alerts() and "PU-77" in review.words
    assert (await at_stripe())["evidence_details"]["submission_count"] == 0
    older = await staff.get(here)
    review = await saved(staff, uncategorized_text="Signed for at the door")
    overtaken = await staff.submit(older, here, uncategorized_text="Mine")
    assert overtaken.status == 409 and "saved meanwhile" in overtaken.words
    newest, before = await evidence_drafts.history((await dispute()).id)
    assert newest.fields["uncategorized_text"] == "Signed for at the door"
    assert "First line" in (await staff.get(f"{here}?draft={before.id}")).words
    page = await sent(staff, review)
    assert "Evidence sent." in page.alerts() and "Under review by the bank" in page.words
    at_the_bank = (await at_stripe())["evidence"]
    assert at_the_bank["uncategorized_text"] == "Signed for at the door"
    assert at_the_bank["shipping_tracking_number"] == "PU-77" and at_the_bank["billing_address"] is None
    assert (await staff.get(here)).status == 409 and f"{here}" not in page.links()
    assert (await sent(staff, review)).path == page.path, "the same form again is the same answer"
    again = await staff.post(f"{here}/submission", {**review.form(f"{here}/submission").given, "key": str(ids.new())})
    assert again.status == 409 and "doesn’t wait for an answer" in again.words
    assert (await at_stripe())["evidence_details"]["submission_count"] == 1
    assert await answer_rows() == [("evidence", "done")]
    assert "to answer" not in (await staff.get("/staff")).words
    await decided(kiln, "won")
    assert (await dispute()).status == "won" and await kiln.broken() == []


async def test_49_evidence_about_a_fee_says_what_was_agreed_paid_and_used(kiln: Kiln) -> None:
    staff = await iris(kiln)
    await disputed_fee(kiln)
    page = await opened(kiln, staff)
    here = f"{page.path}/evidence"
    with at_address("203.0.113.9"):
        await security_events.note("sign-in", person=await owner())
    form = (await staff.get(here)).form(here).given
    assert "203.0.113.9" not in form["access_activity_log"], "what others did is no evidence"
    assert "£39.00 a year" in form["product_description"] and form["customer_email_address"] == "maya@kiln.test"
    assert "1 March 2027 to 1 March 2028" in form["service_date"]
    assert "can be cancelled at any time" in form["cancellation_policy_disclosure"]
    assert "not cancelled today" in form["cancellation_rebuttal"] and "£39.00 for" in form["uncategorized_text"]
    assert "Sign-ins" in form["access_activity_log"]
    review = await saved(staff, uncategorized_text="winning_evidence")
    await sent(staff, review)
    await kiln.work()
    assert (await dispute()).status == "won" and await kiln.broken() == []
    assert "Maya" in repr(await database.fetch("SELECT fields FROM dispute_draft"))
    await payer_erasure.erase_payer(PersonErased(await join_members.person(), "none"))
    assert await database.fetch_values("SELECT fields::text FROM dispute_draft") == ["{}"]
    assert (await opened(kiln, staff)).status == 200


@pytest.mark.parametrize("kind", ["evidence", "acceptance"])
async def test_49_an_answer_is_taken_refused_or_not_known_and_then_looked_at_again(kiln: Kiln, kind: str) -> None:
    await disputed_order(kiln)
    by, draft = await owner_and_draft()
    found = await dispute()

    async def answered(key: UUID) -> None:
        if kind == "evidence":
            await dispute_answers.submit(found.id, draft, key=key, by=by)
        else:
            await dispute_answers.accept(found.id, key=key, by=by)

    # the bank does not wait any more, and here nobody knows it yet
    with kiln.stand_in.engine.changing() as books:
        (theirs,) = books.find("dispute")
        theirs["status"] = "lost"
    with pytest.raises(PaymentRefused):
        await answered(ids.new())
    assert await answer_rows() == [(kind, "refused")]
    with kiln.stand_in.engine.changing() as books:
        (theirs,) = books.find("dispute")
        theirs["status"] = "needs_response"
    # done, and the answer got lost
    key = ids.new()
    kiln.stand_in.engine.order_fault("error_after_commit", times=1, amount=0)
    with pytest.raises(OutcomeUnknown):
        await answered(key)
    assert await answer_rows() == [(kind, ""), (kind, "refused")]
    for other in (key, ids.new()):
        with pytest.raises((OutcomeUnknown, BeingAnswered)):
            await answered(other)
    clock.set_everywhere(clock.now() + timedelta(minutes=5))
    await reconcile.lightly()
    assert await answer_rows() == [(kind, "done"), (kind, "refused")]
    assert (await at_stripe())["evidence_details"]["submission_count"] == (1 if kind == "evidence" else 0)
    assert (await dispute()).status == ("under_review" if kind == "evidence" else "lost")


async def test_49_an_answer_that_never_arrived_is_sent_again_and_is_not_after_the_deadline(kiln: Kiln) -> None:
    await disputed_order(kiln)
    by, draft = await owner_and_draft()
    found = await dispute()

    async def never_sent(turn: int) -> None:
        answer = DisputeAnswer(
            id=ids.new(), dispute=found.id, turn=turn, kind="evidence", draft=draft, asked_at=clock.now(), asked_by=by
        )  # fmt: skip
        await answer.save()

    await never_sent(0)
    clock.set_everywhere(clock.now() + timedelta(minutes=5))
    await dispute_answers.settle()
    assert await answer_rows() == [("evidence", "done")] and (await dispute()).status == "under_review"
    # asked again by the bank: another turn, whose answer is never sent in time
    with kiln.stand_in.engine.changing() as books:
        bank.escalate(books, next(iter(books.find("dispute"))))
    await kiln.work()
    assert (await dispute()).needs_answer and (await dispute()).submissions == 1
    await never_sent(1)
    clock.set_everywhere(clock.now() + timedelta(days=10))
    await dispute_answers.settle()
    assert await answer_rows() == [("evidence", "done"), ("evidence", "refused")]
    await kiln.work()
    assert (await dispute()).status == "lost"


async def test_49_a_key_that_may_not_answer_says_so_and_the_evidence_can_be_sent_later(
    kiln: Kiln, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, _ = await iris(kiln), await disputed_order(kiln)
    review, known = await saved(staff), settings.current()
    weak = dataclasses.replace(known, stripe_secret_key="rk_test_without_disputes")
    with monkeypatch.context() as patch:
        patch.setattr(settings, "current", lambda: weak)
        stripe_connection.connect(http_client=kiln.stand_in.http_client())
        refused = await sent(staff, review)
    stripe_connection.connect(http_client=kiln.stand_in.http_client())
    assert "that needs “Disputes: Write”" in refused.words and await answer_rows() == [("evidence", "refused")]
    await sent(staff, refused)
    assert await answer_rows() == [("evidence", "done"), ("evidence", "refused")]


async def test_49_late_empty_changed_and_decided_are_refused_with_a_sentence(kiln: Kiln) -> None:
    await disputed_order(kiln)
    by, key, found = await owner(), ids.new(), await dispute()
    with pytest.raises(dispute_answers.NoEvidence):
        await dispute_answers.submit(found.id, ids.new(), key=key, by=by)
    first = (await owner_and_draft(customer_name="Noor"))[1]
    second = (await owner_and_draft(customer_name="Noor Haddad"))[1]
    with pytest.raises(ChangedMeanwhile):
        await dispute_answers.submit(found.id, first, key=key, by=by)
    for text in ("x" * (evidence_fields.LONGEST + 1), None):
        too_much = {name: "y" * evidence_fields.longest(name) for name in evidence_fields.NAMES}
        with pytest.raises(evidence_drafts.TooMuchEvidence):
            await evidence_drafts.save(found.id, {"uncategorized_text": text} if text else too_much, by=by)
    await database.execute("UPDATE mirrored_dispute SET answer_by = $1", clock.now())
    with pytest.raises(dispute_answers.EvidenceTooLate):
        await dispute_answers.submit(found.id, second, key=key, by=by)
    await database.execute("UPDATE mirrored_dispute SET answer_by = NULL")
    with pytest.raises(dispute_answers.NoAnswerTaken):
        await dispute_answers.submit(found.id, second, key=key, by=by)
    for status in ("under_review", "won", "lost", "warning_closed", "warning_under_review", "prevented"):
        await database.execute("UPDATE mirrored_dispute SET status = $1", status)
        with pytest.raises(NothingToAnswer):
            await dispute_answers.submit(found.id, second, key=key, by=by)
        with pytest.raises(NothingToAnswer):
            await dispute_answers.accept(found.id, key=key, by=by)
        with pytest.raises(evidence_drafts.AnsweredAlready):
            await evidence_drafts.save(found.id, {"customer_name": "Late"}, by=by)
    assert await answer_rows() == []


async def test_49_a_loss_is_accepted_once_by_who_may_refund_and_has_confirmed_it_is_them(kiln: Kiln) -> None:
    staff, _ = await iris(kiln), await disputed_order(kiln)
    page = await opened(kiln, staff)
    here = f"{page.path}/acceptance"
    asked = await staff.get(here)
    await database.execute("UPDATE session SET confirmed_at = confirmed_at - interval '11 minutes'")
    confirm = await staff.submit(asked, here)
    assert confirm.heading == "Confirm that it's you" and (await dispute()).needs_answer
    page = await staff.submit(confirm, here, confirm_password=people.PASSWORD)
    assert "the customer keeps the money" in page.alerts()
    await kiln.work()
    assert (await dispute()).status == "lost" and (await staff.get(here)).status == 409
    assert "lost dispute to decide on" in (await staff.get("/staff")).words


async def test_49_a_bank_that_only_asks_is_answered_or_refunded_and_may_ask_for_more(kiln: Kiln) -> None:
    staff, number = await iris(kiln), await disputed_order_inquiry(kiln)
    page = await opened(kiln, staff)
    assert "The bank only asks" in page.words and f"/staff/orders/{number}/refunds/new" in page.links()
    assert f"{page.path}/acceptance" not in page.links()
    with pytest.raises(dispute_answers.OnlyAsked):
        await dispute_answers.accept((await dispute()).id, key=ids.new(), by=await owner())
    await sent(staff, await saved(staff))
    assert (await dispute()).status == "warning_under_review"
    with kiln.stand_in.engine.changing() as books:
        bank.escalate(books, next(iter(books.find("dispute"))))
    await kiln.work()
    assert (await dispute()).status == "needs_response"
    await sent(staff, await saved(staff, uncategorized_text="losing_evidence"))
    await kiln.work()
    assert (await dispute()).status == "lost" and await answer_rows() == [("evidence", "done")] * 2


async def test_49_refunding_an_inquiry_in_full_settles_it(kiln: Kiln) -> None:
    staff, number = await iris(kiln), await disputed_order_inquiry(kiln)
    form = await staff.get(f"/staff/orders/{number}/refunds/new")
    page = await staff.submit(form, f"/staff/orders/{number}/refunds")
    assert "£27.95 refunded." in page.alerts()
    await kiln.work()
    assert (await dispute()).status == "warning_closed" and await kiln.broken() == []


async def disputed_order_inquiry(kiln: Kiln) -> str:
    browser = kiln.shop.browser()
    session = await kiln.to_pay(browser)
    await kiln.pay(session)
    await kiln.come_back(browser, session)
    await kiln.work()
    with kiln.stand_in.engine.changing() as books:
        bank.open_against(books, next(iter(books.find("charge"))), reason="unrecognized", is_inquiry=True)
    await kiln.work()
    (order,) = await kiln.orders()
    return str(order["number"])
