"""Stripe embeds ten lines of an invoice, what the subscription bills last of all: we read every line (scenario 51)."""

import pytest

from components.foundation import database, ids
from components.payments.stripe_calls import stripe_invoices
from components.payments.stripe_connection import client
from components.payments.values import Payer, SessionLine
from tests.components.payments.conftest import Till


@pytest.mark.parametrize("count", [9, 10, 20])
async def test_51_joining_with_an_order_of_many_lines_has_its_period(till: Till, count: int) -> None:
    goods = tuple(SessionLine(f"Mug {number}", 100 + number) for number in range(count))
    line = SessionLine("The Kiln Club", 450, recurring=await till.price())
    payer = Payer(ids.new(), "maya@kiln.test", "Maya")
    await till.pay(await till.open(None, *goods, line, payer=payer, purpose="joining"))
    await till.work()
    row = await database.fetch_one("SELECT stripe_id, period_start, period_end, total FROM mirrored_invoice")
    assert row is not None and row["total"] == sum(100 + number for number in range(count)) + 450
    assert (row["period_end"] - row["period_start"]).days in (28, 29, 30, 31)
    embedded = (await client().v1.invoices.retrieve_async(row["stripe_id"])).lines
    assert (len(embedded.data), embedded.has_more) == (min(count + 1, 10), count >= 10)
    every = await client().v1.invoices.line_items.list_async(row["stripe_id"], {"limit": 100})
    assert len(every.data) == count + 1 and every.data[-1].amount == 450


async def test_51_a_preview_of_many_lines_adds_up(till: Till) -> None:
    prices = [await till.price(amount=500 + number) for number in range(12)]
    request: stripe_invoices.InvoiceCreatePreviewParams = {
        "customer": (await client().v1.customers.create_async({"email": "maya@kiln.test"})).id,
        "subscription_details": {"items": [{"price": price} for price in prices]},
    }
    preview = await stripe_invoices.preview(request)
    assert len(preview.lines) == 11
    assert sum(line.amount for line in preview.lines) == preview.total == sum(range(500, 512))
