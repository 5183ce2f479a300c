"""Requests and answers are held against the installed SDK."""

import pytest
import stripe

from tests.web.standin.desk import SHOP, Desk
from web.standin.contract import answers, blanks
from web.standin.contract.blanks import RESOURCES
from web.standin.contract.source import API_VERSION
from web.standin.http import routes
from web.standin.state.books import MalformedAnswer


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: f"{route.verb} {route.path}")
def test_every_call_the_stand_in_answers_is_one_the_sdk_makes(route: routes.Route) -> None:
    assert route.operation.path == route.path


@pytest.mark.parametrize("kind", RESOURCES)
def test_a_blank_object_is_what_the_sdk_declares(kind: str) -> None:
    assert answers.answer_faults(blanks.blank(kind), {"record": RESOURCES[kind]}) == []


def test_the_version_is_the_pinned_one() -> None:
    assert API_VERSION == "2026-10-28.endive"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types"),
        (
            {"line_items": [{"quantity": 1, "price_data": {"currency": "gbp", "amount": 5}}]},
            "line_items[0][price_data][amount]",
        ),
        ({"subscription_data": {"coupon": "x"}}, "subscription_data[coupon]"),
    ],
)
async def test_a_parameter_stripe_no_longer_knows_is_refused(desk: Desk, params: dict, param: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await desk.v1.checkout.sessions.create_async({"mode": "payment", "success_url": SHOP, **params})
    assert refused.value.code == "parameter_unknown"
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"mode": "payment", "ui_mode": "hosted"}, "Invalid ui_mode: must be one of"),
        ({"mode": "payment", "expires_at": "soon"}, "Invalid integer: soon"),
        ({"mode": "payment", "allow_promotion_codes": "yes"}, "Invalid boolean: yes"),
        ({"mode": "payment", "line_items": {"price": "x"}}, "Invalid array: line_items"),
    ],
)
async def test_a_value_of_the_wrong_type_is_refused(desk: Desk, params: dict, words: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(stripe.InvalidRequestError, match=words):
        await desk.v1.checkout.sessions.create_async({"success_url": SHOP, **params})


async def test_what_is_needed_and_missing_is_named(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await desk.v1.prices.create_async({"unit_amount": 5})
    assert (refused.value.code, refused.value.param) == ("parameter_missing", "currency")


async def test_what_stripe_can_and_the_stand_in_cannot_is_refused_not_ignored(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not model the parameter automatic_tax"):
        await desk.session((500, 1), mode="payment", automatic_tax={"enabled": True})


async def test_a_malformed_answer_does_not_leave_a_strict_stand_in(desk: Desk) -> None:
    """The guard seen to bite: an object is spoiled in the state."""
    customer = await desk.v1.customers.create_async({"email": "maya@kiln.test"})
    with desk.standin.engine.store.changing() as connection:
        connection.execute("UPDATE objects SET body = json_set(body, '$.email', 5, '$.tier', 'gold')")
    with pytest.raises(MalformedAnswer, match="email: expected str"):
        await desk.v1.customers.retrieve_async(customer.id)


def test_a_removed_field_in_an_answer_is_found() -> None:
    invoice = blanks.blank("invoice") | {"charge": "ch_1", "total": None}
    faults = answers.answer_faults(invoice, {"record": RESOURCES["invoice"]}, "invoice")
    assert [fault.split(" ")[0] for fault in faults] == ["invoice.charge:", "invoice.total:"]


async def test_an_address_stripe_does_not_have_is_404(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as refused:
        await desk.v1.quotes.list_async()
    assert refused.value.http_status == 404


async def test_only_what_can_be_expanded_is_expanded(desk: Desk) -> None:
    session, _ = await desk.bought(2500)
    wide = await desk.v1.checkout.sessions.retrieve_async(
        session.id, {"expand": ["payment_intent.latest_charge", "line_items"]}
    )
    assert wide.payment_intent.latest_charge.amount_captured == 2500
    assert [line.description for line in wide.line_items.data] == ["Moon mug"]
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        await desk.v1.checkout.sessions.retrieve_async(session.id, {"expand": ["charge"]})


async def test_keys_for_real_money_are_refused(desk: Desk) -> None:
    live = stripe.StripeClient("sk_live_x", http_client=desk.standin.http_client(), max_network_retries=0)
    with pytest.raises(stripe.AuthenticationError, match="refuse live keys"):
        await live.v1.customers.list_async()


async def test_other_hosts_are_not_answered_for(desk: Desk) -> None:
    abroad = stripe.StripeClient(
        "sk_test_x",
        http_client=desk.standin.http_client(),
        base_addresses={"api": "https://example.com"},
        max_network_retries=0,
    )
    with pytest.raises(stripe.APIConnectionError, match=r"do not call example\.com"):
        await abroad.v1.customers.list_async()


async def test_a_shop_the_world_can_reach_is_refused(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"public host kiln\.shop"):
        await desk.session((500, 1), mode="payment", success_url="https://kiln.shop/done")
