"""Changes that a former version asked Stripe for, and reactions that wait under a former name: after an upgrade all of
them are shown, settled and found."""

from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest

from components import reactions
from components.foundation import clock, database, ids
from components.memberships.billing import subscriptions
from components.payments import running_subscriptions
from components.payments.billing_requests import billing_requests, request_completion, stripe_pauses
from components.payments.tables import BillingRequest
from tests.scenarios.test_42_43_55_56_not_known_yet import HERE, charges
from tests.scenarios.test_pauses import DAY, is_member, until
from tests.scenarios.test_pauses_unanswered import credited
from tests.support import people
from tests.support.pages import Browser
from tests.support.shops import Shop

MIGRATION = import_module("piccolo_migrations.clubfront_2026_11_30_0388_pauses_that_were_dropped")
MAYA = "maya@kiln.test"


async def asked(subject: UUID, *, key: str, kind: str = "resume_unbilled") -> BillingRequest:
    """As the former version has left it, hours ago."""
    hours_ago = clock.now() - timedelta(hours=3)
    row = BillingRequest(
        id=ids.new(), kind=kind, subject=subject, key=key, sent_key=key, params="{}", asked_at=hours_ago,
        keyed_at=hours_ago, tries=2,
    )  # fmt: skip
    await BillingRequest.insert(row)
    return row


async def owner(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def settled(shop: Shop, request: BillingRequest) -> BillingRequest:
    await request_completion.settle_due()
    await shop.catch_up()
    found = await billing_requests.by_id(request.id)
    assert found is not None and found.is_settled
    return found


@pytest.mark.parametrize("was_made", [False, True])
async def test_half_a_cancellation_of_before_is_settled_and_shown_and_can_be_asked_for_whole(
    shop: Shop, was_made: bool
) -> None:
    subscription_id = await credited(shop)
    await database.execute("UPDATE subscription SET cancel_reason = 'price'")
    request = await asked(subscription_id, key="pause:1:unbilled")
    browser, iris = await shop.signed_in(MAYA), await owner(shop)
    assert (await browser.get(f"/account/waiting/{request.id}")).status == 200
    assert "End a pause without a charge" in (await iris.get("/staff/payments")).words
    if was_made:
        known = await running_subscriptions.running(subscription_id)
        await stripe_pauses.calls.resume_unbilled(known.stripe_id, key=request.sent_key)
    assert (await settled(shop, request)).outcome == ("done" if was_made else "refused")
    told = (await browser.get(f"/account/waiting/{request.id}")).words
    assert ("please do so again" if was_made else "as it was, and nothing was charged") in told
    by_staff = (await iris.get(f"/account/waiting/{request.id}?back=/staff/payments")).words
    assert ("cancel it again" if was_made else "the membership is as it was") in by_staff
    assert (await subscriptions.by_id(subscription_id)).cancel_reason is None, "nobody has cancelled it"
    page = await browser.submit(await browser.get(f"{HERE}/cancellation"), f"{HERE}/cancellation")
    assert "Membership cancelled" in page.alerts(), page.words
    await shop.catch_up()
    assert await is_member(), "the paid time that was left is had from now on"
    await until(shop, clock.now() + 400 * DAY)
    assert await charges() == [3900] and not await is_member()


async def test_what_moved_a_renewal_back_before_is_told_as_that(shop: Shop) -> None:
    subscription_id = await credited(shop)
    named = {"pause:1": "move_renewal", "pause:1:return:7": "move_back", "pause:1:left:7": "move_back"}
    for key in named:
        request = await asked(subscription_id, key=key, kind="move_renewal")
        await billing_requests.settle(request, "done")
    await database.execute(MIGRATION.STATEMENT)
    found = await database.fetch("SELECT key, kind FROM billing_request WHERE key LIKE 'pause:1%'")
    assert {one["key"]: one["kind"] for one in found} == named


FORMER = (
    "adoption.adoption_forgetting.forget_person",
    "old_shop.forgetting.forget_person",
    "memberships.billing.request_outcomes.follow",
    "messaging.emails.payment_emails.subscription_ended",
    "messaging.emails.plan_emails.price_moves",
    *(f"messaging.emails.state_emails.{name}" for name in (
        "membership_ended", "membership_resumed", "pause_begun", "pause_dropped", "pause_planned",
    )),
    *(f"messaging.emails.staff_emails.{name}" for name in (
        "dispute", "fraud_warning", "fee_to_decide", "fee_refund_failed", "order_refund_failed",
        "paid_once_to_decide", "paid_once_refund_failed",
    )),
    *(f"payments.saved_cards.{name}" for name in ("detach", "remember_paid", "remember_subscription")),
)  # fmt: skip
"""Reactions by the names they had: a job of before may still try one of them again."""


@pytest.mark.parametrize("name", FORMER)
def test_a_reaction_that_waits_by_its_former_name_is_found(name: str) -> None:
    assert reactions.by_name(name).__name__ == name.rsplit(".", 1)[1]
