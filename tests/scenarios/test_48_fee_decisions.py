"""Scenario 48: a fee refunded whole in Stripe stands on Today until staff keep or end the membership."""

from uuid import UUID

import pytest

from components.foundation import database
from components.payments import stripe_connection
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import REFUND_FAILS, iris, is_member, paid_member, refund
from tests.support import join_members, patience, people

LIST = "/staff/term-refunds"
ONE = "1 membership fee was refunded in Stripe: decide about the membership"


async def in_stripe(kiln: Kiln, amount: int, nth: int = 0) -> str:
    """The `nth` payment is refunded there; its invoice."""
    found = await database.fetch(
        "SELECT stripe_id, payment_intent FROM mirrored_invoice WHERE status = 'paid' ORDER BY created_at"
    )
    intent = str(found[nth]["payment_intent"])
    await stripe_connection.client().v1.refunds.create_async({"payment_intent": intent, "amount": amount})
    await kiln.work()
    return str(found[nth]["stripe_id"])


async def emails() -> list[str]:
    return list(await database.fetch_values("SELECT recipient FROM email WHERE template = 'refund_to_decide'"))


def decision(person: UUID, invoice: str) -> str:
    return f"/staff/members/{person}/fees/{invoice}/decision"


@pytest.mark.parametrize("chosen", ["keep", "end"])
async def test_48_a_fee_refunded_whole_in_stripe_is_decided_about_once(kiln: Kiln, chosen: str) -> None:
    _, person, invoice = await paid_member(kiln)
    staff = await iris(kiln)
    assert "Nothing to decide" in (await staff.get(LIST)).words
    await in_stripe(kiln, 2000)
    assert "decide about" not in (await staff.get("/staff")).words, "a part is a gesture"
    assert await emails() == []
    await in_stripe(kiln, 1900)
    assert await emails() == ["iris@kiln.test"], "once, to whoever may decide"
    assert await is_member() and ONE in (await staff.get("/staff")).words
    listed, here = await staff.get(LIST), decision(person, invoice)
    assert "Maya £39.00 1 March 2027 Renews on 1 March 2028" in listed.words and here in listed.links()
    page = await staff.get(here)
    assert "Maya was refunded the whole £39.00 that they paid for Annual, on 1 March 2027." in page.words
    assert "it renews on 1 March 2028; nobody is e-mailed" in page.words and "later payment" not in page.words
    said = (await staff.submit(page, f"{here}/{chosen}")).alerts()
    assert ("nothing changes about" if chosen == "keep" else "The membership has ended.") in said
    again = await staff.submit(page, f"{here}/{'end' if chosen == 'keep' else 'keep'}")
    assert "nothing to decide" in again.alerts() and "nothing to decide" in (await staff.get(here)).alerts()
    await kiln.work()
    assert await is_member() is (chosen == "keep") and "decide about" not in (await staff.get("/staff")).words
    sent = await database.fetch_value("SELECT count(*) FROM email WHERE template = 'subscription_ended'")
    assert sent == (chosen == "end") and await kiln.broken() == []
    kiln.later(days=400)
    await kiln.work()
    paid = await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'paid'")
    assert paid == (2 if chosen == "keep" else 1)


async def test_48_only_a_membership_that_goes_on_with_the_money_gone_is_asked_about(kiln: Kiln) -> None:
    """A refund that fails later, one that staff decided about here, and one after the end ask nothing."""
    _, person, invoice = await paid_member(kiln, REFUND_FAILS)
    staff = await iris(kiln)
    await in_stripe(kiln, 3900)
    assert ONE in (await staff.get("/staff")).words
    kiln.later(days=6)
    await kiln.work()
    assert "decide about" not in (await staff.get("/staff")).words and await is_member()
    await people.staff(permissions=("members",))
    sam = await kiln.shop.signed_in("sam@kiln.test")
    here = decision(person, invoice)
    assert {(await sam.get(one)).status for one in (here, LIST)} == {403}
    assert {(await sam.post(f"{here}/{what}", {})).status for what in ("keep", "end")} == {403}
    assert (await staff.get(decision(await join_members.person("iris@kiln.test"), invoice))).status == 404


async def test_48_the_rest_refunded_by_staff_or_an_end_leaves_nothing_to_decide(kiln: Kiln) -> None:
    _, person, invoice = await paid_member(kiln)
    staff = await iris(kiln)
    await in_stripe(kiln, 2000)
    await refund(staff, person, invoice, follows="keep")
    await kiln.work()
    assert "decide about" not in (await staff.get("/staff")).words, "they chose on that form"
    kiln.later(days=370)
    await kiln.work()
    await in_stripe(kiln, 3900, nth=1)
    staff = await kiln.shop.signed_in("iris@kiln.test")
    assert ONE in (await staff.get("/staff")).words
    here = f"/staff/members/{person}/cancellation/now"
    await staff.submit(await staff.get(here), here)
    await kiln.work()
    assert not await is_member() and "decide about" not in (await staff.get("/staff")).words


async def test_48_an_older_payment_is_named_and_an_end_that_stripe_does_not_answer_is_made_later(kiln: Kiln) -> None:
    _, person, invoice = await paid_member(kiln)
    kiln.later(days=370)
    await kiln.work()
    await in_stripe(kiln, 3900)
    staff = await iris(kiln)
    page = await staff.get(decision(person, invoice))
    assert "was paid with a later payment, which was not refunded in full" in page.words
    kiln.stand_in.fault("rate_limit", times=1000)
    with patience.of(reads=0.1, per_read=0.1, writes=0.1, first_pause=0.02):
        said = await staff.submit(page, f"{decision(person, invoice)}/end")
    kiln.stand_in.fault("rate_limit", times=0)
    assert "The membership is being ended: Stripe has yet to answer." in said.alerts() and await is_member()
    assert "decide about" not in (await staff.get("/staff")).words
    await kiln.work()
    assert not await is_member() and await kiln.broken() == []


async def test_48_an_end_that_stripe_refuses_once_is_asked_for_again_and_nobody_is_told_that_it_has_not_answered(
    kiln: Kiln,
) -> None:
    _, person, invoice = await paid_member(kiln)
    await in_stripe(kiln, 3900)
    staff = await iris(kiln)
    page = await staff.get(decision(person, invoice))
    kiln.stand_in.fault("refused", times=1)
    said = await staff.submit(page, f"{decision(person, invoice)}/end")
    assert "Stripe refused just now, and is asked again by itself." in said.alerts() and await is_member()
    await kiln.work()
    assert not await is_member() and await kiln.broken() == []
