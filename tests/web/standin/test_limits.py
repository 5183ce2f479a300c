"""The stand-in refuses what Stripe refuses: metadata, lengths, e-mails, empty texts and amounts."""

from typing import Any

import pytest
import stripe

from tests.web.standin.desk import DECLINED, GOOD, Desk, goods


async def refused(call: Any, param: str, words: str = "") -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await call
    assert refusal.value.param == param and words in str(refusal.value)


@pytest.mark.parametrize(
    ("metadata", "param", "words"),
    [
        ({f"k{n}": "v" for n in range(51)}, "metadata", "50 keys"),
        ({"k" * 41: "v"}, f"metadata[{'k' * 41}]", "40 characters"),
        ({"k": "v" * 501}, "metadata[k]", "500 characters"),
    ],
)
async def test_metadata_has_its_limits(desk: Desk, metadata: dict[str, str], param: str, words: str) -> None:
    await refused(desk.v1.customers.create_async({"metadata": metadata}), param, words)


async def test_metadata_up_to_its_limits_is_taken_and_brackets_in_keys_are_not(desk: Desk) -> None:
    full = {f"k{n:039}": "v" * 500 for n in range(50)}
    made = await desk.v1.customers.create_async({"metadata": full})
    assert made.metadata.to_dict() == full
    await refused(desk.v1.customers.update_async(made.id, {"metadata": {"one": "more"}}), "metadata", "50 keys")
    swapped = await desk.v1.customers.update_async(made.id, {"metadata": {f"k{0:039}": "", "one": "more"}})
    assert len(swapped.metadata.to_dict()) == 50
    with pytest.raises(stripe.InvalidRequestError):
        await desk.v1.customers.create_async({"metadata": {"a[b]": "v"}})


async def test_metadata_is_looked_at_wherever_it_is(desk: Desk) -> None:
    data = {"metadata": {"k" * 41: "v"}}
    await refused(
        desk.session((500, 1), mode="payment", payment_intent_data=data), f"payment_intent_data[metadata][{'k' * 41}]"
    )


@pytest.mark.parametrize(
    "email", ["not an email", "maya@", "@kiln.test", "maya@kiln", "a b@kiln.test", "a@b@kiln.test"]
)
async def test_an_email_must_be_one(desk: Desk, email: str) -> None:
    await refused(desk.v1.customers.create_async({"email": email}), "email", "Invalid email address")
    await refused(desk.session((500, 1), mode="payment", customer_email=email), "customer_email")


@pytest.mark.parametrize(
    ("field", "length"), [("name", 256), ("business_name", 150), ("individual_name", 150), ("phone", 20)]
)
async def test_texts_of_a_customer_have_a_longest_length(desk: Desk, field: str, length: int) -> None:
    made = await desk.v1.customers.create_async({field: "7" * length})
    assert len(made[field]) == length
    await refused(desk.v1.customers.update_async(made.id, {field: "7" * (length + 1)}), field, f"at most {length}")


async def test_an_email_has_at_most_512_characters(desk: Desk) -> None:
    longest = f"{'m' * 502}@kiln.test"
    assert (await desk.v1.customers.create_async({"email": longest})).email == longest
    await refused(desk.v1.customers.create_async({"email": f"m{longest}"}), "email", "at most 512")


async def test_an_empty_name_is_refused_when_there_is_nothing_to_clear(desk: Desk) -> None:
    await refused(desk.v1.customers.create_async({"name": ""}), "name", "You passed an empty string")
    made = await desk.v1.customers.create_async({"name": "Maya", "email": "maya@kiln.test"})
    cleared = await desk.v1.customers.update_async(made.id, {"name": "", "email": ""})
    assert (cleared.name, cleared.email) == (None, None)


async def test_a_product_needs_a_name(desk: Desk) -> None:
    await refused(desk.v1.products.create_async({"name": ""}), "name")
    nameless: Any = goods(500) | {"product_data": {"name": ""}}
    await refused(
        desk.session(mode="payment", line_items=[{"price_data": nameless, "quantity": 1}]),
        "line_items[0][price_data][product_data][name]",
    )


async def test_a_reference_has_at_most_200_characters(desk: Desk) -> None:
    made = await desk.session((500, 1), mode="payment", client_reference_id="r" * 200)
    assert len(made.client_reference_id) == 200
    await refused(desk.session((500, 1), mode="payment", client_reference_id="r" * 201), "client_reference_id")


@pytest.mark.parametrize(
    ("currency", "good", "bad"), [("kwd", 5120, 5124), ("bhd", 10, 1), ("isk", 500, 550), ("ugx", 100, 1)]
)
async def test_currencies_of_three_decimals_end_in_zero(desk: Desk, currency: str, good: int, bad: int) -> None:
    assert (await desk.price(good, currency=currency)).unit_amount == good
    with pytest.raises(stripe.InvalidRequestError, match="must be divisible by"):
        await desk.price(bad, currency=currency)


@pytest.mark.parametrize(("currency", "least"), [("gbp", 30), ("usd", 50), ("czk", 1500), ("thb", 1000), ("hkd", 400)])
async def test_each_currency_has_a_smallest_charge(desk: Desk, currency: str, least: int) -> None:
    def line(amount: int) -> Any:
        return [{"price_data": goods(amount, currency), "quantity": 1}]

    assert (await desk.session(mode="payment", line_items=line(least))).amount_total == least
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await desk.session(mode="payment", line_items=line(least - 1))
    assert refusal.value.code == "amount_too_small"


async def test_too_small_a_fee_is_carried_to_the_next_invoice(desk: Desk) -> None:
    joined = await desk.joined(await desk.price(20, "week"))
    (first,) = await desk.invoices(joined)
    assert (first.status, first.amount_due, first.ending_balance) == ("paid", 0, 20)
    desk.advance(days=7, hours=2)
    assert [(each.amount_due, each.total) for each in await desk.invoices(joined)] == [(0, 20), (40, 20)]


async def test_test_clocks_are_listed(desk: Desk) -> None:
    made = [await desk.v1.test_helpers.test_clocks.create_async({"frozen_time": desk.seconds()}) for _ in range(3)]
    page = await desk.v1.test_helpers.test_clocks.list_async({"limit": 2})
    assert page.has_more and len(page.data) == 2
    every = await desk.v1.test_helpers.test_clocks.list_async({"limit": 10})
    assert {each.id for each in every.data} == {each.id for each in made}


async def test_a_payment_method_is_attached_once_and_not_again_after_it_was_detached(desk: Desk) -> None:
    first, second = [await desk.v1.customers.create_async({"email": f"{n}@kiln.test"}) for n in "ab"]
    method = await desk.card(first.id, GOOD)
    again = await desk.v1.payment_methods.attach_async(method, {"customer": first.id})
    assert again.customer == first.id
    await refused(
        desk.v1.payment_methods.attach_async(method, {"customer": second.id}), "payment_method", "already been attached"
    )
    await desk.v1.payment_methods.detach_async(method)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        await desk.v1.payment_methods.attach_async(method, {"customer": second.id})


async def test_a_method_used_on_a_page_without_being_saved_is_attached_unless_its_bank_declines(desk: Desk) -> None:
    customer = await desk.v1.customers.create_async({"email": "maya@kiln.test"})
    session, _ = await desk.bought(500)
    intent = await desk.v1.payment_intents.retrieve_async(session.payment_intent)
    attached = await desk.v1.payment_methods.attach_async(intent.payment_method, {"customer": customer.id})
    assert attached.customer == customer.id
    with desk.standin.engine.changing() as books:
        method = books.get("payment_method", intent.payment_method)
        method["customer"], method["_"]["number"] = None, DECLINED
    with pytest.raises(stripe.CardError):
        await desk.v1.payment_methods.attach_async(intent.payment_method, {"customer": customer.id})
