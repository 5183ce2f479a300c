"""A line on the draft of a renewal: what it takes off, when it is refused, and what becomes of it."""

from datetime import timedelta
from typing import Any

import pytest
import stripe

from tests.web.standin.desk import Desk


async def drafted(desk: Desk, amount: int = 1000, **more: Any) -> tuple[Any, Any]:
    """A subscription whose renewal has just become a draft."""
    subscription = await desk.joined(await desk.price(amount), **more)
    desk.advance(seconds=(await desk.again(subscription)).items.data[0].current_period_end - desk.seconds() + 60)
    return subscription, (await desk.invoices(subscription))[-1]


def item(invoice: Any, amount: int, **more: Any) -> dict[str, Any]:
    return {"customer": invoice.customer, "invoice": invoice.id, "amount": amount, "currency": "gbp",
            "description": "Store credit", **more}  # fmt: skip


async def test_it_is_taken_off_what_is_charged_and_no_discount_touches_it(desk: Desk) -> None:
    await desk.v1.coupons.create_async({"id": "half", "percent_off": 50, "duration": "forever"})
    subscription, invoice = await drafted(desk, discounts=[{"coupon": "half"}])
    made = await desk.v1.invoice_items.create_async(item(invoice, -120, metadata={"credit": "a"}))
    assert (made.object, made.discountable, made.invoice) == ("invoiceitem", False, invoice.id)
    desk.advance(hours=2)
    paid = (await desk.invoices(subscription))[-1]
    assert (paid.status, paid.subtotal, paid.total, paid.amount_paid) == ("paid", 880, 380, 380)
    ours = [line for line in paid.lines.data if (line.metadata or {}).to_dict().get("credit")]
    assert [(line.amount, line.parent.invoice_item_details.invoice_item) for line in ours] == [(-120, made.id)]
    desk.advance(days=32)
    assert (await desk.invoices(subscription))[-1].total == 500, "it was of that invoice alone"


@pytest.mark.parametrize(("off", "due", "status"), [(-1000, 0, "paid"), (-970, 30, "paid"), (-1, 999, "paid")])
async def test_what_is_left_is_charged(desk: Desk, off: int, due: int, status: str) -> None:
    subscription, invoice = await drafted(desk)
    await desk.v1.invoice_items.create_async(item(invoice, off))
    desk.advance(hours=2)
    paid = (await desk.invoices(subscription))[-1]
    assert (paid.total, paid.amount_due, paid.status) == (due, due, status)


async def test_only_a_draft_is_edited(desk: Desk) -> None:
    _, invoice = await drafted(desk)
    made = await desk.v1.invoice_items.create_async(item(invoice, -400))
    await desk.v1.invoice_items.delete_async(made.id)
    assert (await desk.v1.invoices.retrieve_async(invoice.id)).total == 1000
    with pytest.raises(stripe.InvalidRequestError):
        await desk.v1.invoice_items.retrieve_async(made.id)
    kept = await desk.v1.invoice_items.create_async(item(invoice, -300))
    for wrong in (
        {"currency": "eur"},
        {"customer": (await desk.v1.customers.create_async({"email": "noor@kiln.test"})).id},
        {"amount": 100},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            await desk.v1.invoice_items.create_async(item(invoice, -100) | wrong)
    desk.advance(hours=2)
    for late in (
        lambda: desk.v1.invoice_items.create_async(item(invoice, -100)),
        lambda: desk.v1.invoice_items.delete_async(kept.id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await late()
        assert refused.value.code == "invoice_not_editable"
    assert (await desk.v1.invoices.retrieve_async(invoice.id)).amount_paid == 700


async def test_a_step_of_the_clock_leaves_drafts_to_the_shop(desk: Desk) -> None:
    """Whoever moves the clock by days hears of a renewal before it is charged."""
    subscription = await desk.joined(await desk.price(1000))
    for days, statuses in ((40, ["paid", "draft"]), (40, ["paid", "paid"]), (75, ["paid", "paid", "draft"])):
        desk.standin.step_to(desk.start + timedelta(days=days))
        assert [each.status for each in await desk.invoices(subscription)] == statuses, days
    assert desk.standin.now() == desk.start + timedelta(days=75, seconds=-1)
