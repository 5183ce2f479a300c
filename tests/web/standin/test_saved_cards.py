"""Charging a card that is on file, without a page: the payment is created, then confirmed."""

from typing import Any

import pytest
import stripe

from tests.web.standin.desk import CHALLENGED_ALWAYS, FAILS_LATER, GOOD, Desk

NEVER_REDIRECTS = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}


async def created(desk: Desk, card: str = GOOD, **more: Any) -> Any:
    customer = await desk.v1.customers.create_async({"email": "maya@kiln.test"})
    method = await desk.card(customer.id, card)
    asked = {"amount": 2850, "currency": "gbp", "customer": customer.id, "payment_method": method}
    return await desk.v1.payment_intents.create_async({**asked, **NEVER_REDIRECTS, **more})


async def test_nothing_moves_before_it_is_confirmed_and_then_once(desk: Desk) -> None:
    made = await created(desk, metadata={"order": "K-1"})
    assert (made.status, made.amount_received, made.latest_charge) == ("requires_confirmation", 0, None)
    paid = await desk.v1.payment_intents.confirm_async(made.id, {"off_session": True})
    assert (paid.status, paid.amount_received, paid.metadata["order"]) == ("succeeded", 2850, "K-1")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await desk.v1.payment_intents.confirm_async(made.id, {"off_session": True})
    assert refused.value.code == "payment_intent_unexpected_state"


@pytest.mark.parametrize(
    ("card", "code"), [(CHALLENGED_ALWAYS, "authentication_required"), (FAILS_LATER, "card_declined")]
)
async def test_a_decline_is_an_error_and_leaves_a_payment_that_can_be_cancelled(
    desk: Desk, card: str, code: str
) -> None:
    made = await created(desk, card)
    with pytest.raises(stripe.CardError) as declined:
        await desk.v1.payment_intents.confirm_async(made.id, {"off_session": True})
    assert declined.value.code == code
    known = await desk.v1.payment_intents.retrieve_async(made.id)
    assert (known.status, known.last_payment_error.code) == ("requires_payment_method", code)
    assert (await desk.v1.payment_intents.cancel_async(made.id)).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="status of canceled"):
        await desk.v1.payment_intents.confirm_async(made.id, {"off_session": True})


async def test_methods_that_may_redirect_need_a_return_url(desk: Desk) -> None:
    made = await created(desk, automatic_payment_methods={"enabled": True})
    with pytest.raises(stripe.InvalidRequestError, match="A `return_url` must be specified") as refused:
        await desk.v1.payment_intents.confirm_async(made.id, {"off_session": True})
    assert refused.value.param == "return_url"


async def test_a_card_of_somebody_else_is_refused(desk: Desk) -> None:
    other = await desk.v1.customers.create_async({"email": "noor@kiln.test"})
    theirs = await desk.card(other.id, GOOD)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method with the ID"):
        await created(desk, payment_method=theirs)


async def test_less_than_the_smallest_charge_is_refused(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await created(desk, amount=29)
    assert refused.value.code == "amount_too_small"


async def test_a_customer_who_is_present_is_not_modelled(desk: Desk) -> None:
    made = await created(desk)
    with pytest.raises(stripe.InvalidRequestError, match="does not model"):
        await desk.v1.payment_intents.confirm_async(made.id, {"off_session": False})
