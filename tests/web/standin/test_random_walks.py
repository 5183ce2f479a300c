"""Members doing whatever comes to mind: the books must still balance, and every answer must be well formed."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.web.standin.desk import CHALLENGED_ALWAYS, FAILS_LATER, GOOD, Desk

STEPS = 45


class Member:
    """One subscription and what its holder may think of doing with it."""

    def __init__(self, desk: Desk, dice: random.Random, prices: list[Any]) -> None:
        self.desk, self.dice, self.prices, self.id = desk, dice, prices, ""

    async def join(self) -> None:
        more: dict[str, Any] = (
            {"discounts": [{"coupon": self.dice.choice(["A", "B", "C"])}]} if self.dice.random() < 0.5 else {}
        )
        if self.dice.random() < 0.3:
            more["subscription_data"] = {"trial_period_days": self.dice.choice([1, 14, 40])}
        self.id = (await self.desk.joined(self.dice.choice(self.prices), **more)).id

    async def act(self) -> None:
        subscription = await self.desk.v1.subscriptions.retrieve_async(self.id)
        if subscription.status in ("canceled", "incomplete_expired"):
            await self.join()
            return
        acts: list[Callable[[Any], Awaitable[Any]]] = [
            self.change, self.change, self.end, self.carry_on, self.new_card,
            self.pause, self.resume, self.settle, self.wait,
        ]  # fmt: skip
        try:
            await self.dice.choice(acts)(subscription)
        except (stripe.InvalidRequestError, stripe.CardError) as refusal:
            assert refusal.http_status in (400, 402, 404)

    async def change(self, subscription: Any) -> None:
        await self.desk.v1.subscriptions.update_async(
            self.id,
            {
                "items": [
                    {
                        "id": subscription.items.data[0].id,
                        "price": self.dice.choice(self.prices).id,
                        "quantity": self.dice.choice([1, 1, 2]),
                    }
                ],
                "proration_behavior": self.dice.choice(["always_invoice", "create_prorations", "none"]),
                "payment_behavior": self.dice.choice(
                    ["allow_incomplete", "pending_if_incomplete", "error_if_incomplete"]
                ),
            },
        )

    async def end(self, subscription: Any) -> None:
        if self.dice.random() < 0.3:
            await self.desk.v1.subscriptions.cancel_async(
                self.id, {"prorate": self.dice.random() < 0.5, "invoice_now": True}
            )
        else:
            await self.desk.v1.subscriptions.update_async(self.id, {"cancel_at_period_end": True})

    async def carry_on(self, subscription: Any) -> None:
        await self.desk.v1.subscriptions.update_async(self.id, {"cancel_at_period_end": False})

    async def new_card(self, subscription: Any) -> None:
        card = await self.desk.card(
            subscription.customer, self.dice.choice([GOOD, GOOD, FAILS_LATER, CHALLENGED_ALWAYS])
        )
        await self.desk.v1.subscriptions.update_async(self.id, {"default_payment_method": card})

    async def pause(self, subscription: Any) -> None:
        await self.desk.v1.subscriptions.pause_async(self.id)

    async def resume(self, subscription: Any) -> None:
        anchor = {"billing_cycle_anchor": {"type": self.dice.choice(["now", "unchanged"])}}
        await self.desk.v1.subscriptions.resume_async(self.id, anchor)

    async def settle(self, subscription: Any) -> None:
        await self.desk.v1.invoices.pay_async(subscription.latest_invoice)

    async def wait(self, subscription: Any) -> None:
        self.desk.advance(days=self.dice.choice([0.5, 3, 17, 31, 62]))


@pytest.mark.parametrize("seed", range(6))
async def test_the_books_balance(tmp_path: Path, seed: int) -> None:
    desk = Desk.open(tmp_path, datetime(2027, 1, 31, 12, tzinfo=UTC))
    dice = random.Random(seed)
    for name, more in {
        "A": {"percent_off": 33.3},
        "B": {"amount_off": 450, "currency": "gbp"},
        "C": {"percent_off": 100},
    }.items():
        repeats = {"duration": "repeating", "duration_in_months": 2} if name == "A" else {"duration": "forever"}
        await desk.v1.coupons.create_async({"id": name, **more, **repeats})
    prices = [await desk.price(733), await desk.price(1999), await desk.price(12_345, "year")]
    member = Member(desk, dice, prices)
    await member.join()
    for _ in range(STEPS):
        await member.act()
        desk.advance(hours=dice.choice([0, 1, 30]))
    desk.advance(days=40)
    await must_balance(desk)
    desk.standin.close()


async def must_balance(desk: Desk) -> None:
    everything = {"limit": 100}
    invoices = [each async for each in (await desk.v1.invoices.list_async(everything)).auto_paging_iter()]
    charges = [each async for each in (await desk.v1.charges.list_async(everything)).auto_paging_iter()]
    customers = [each async for each in (await desk.v1.customers.list_async(everything)).auto_paging_iter()]
    for invoice in invoices:
        lines = invoice.lines.data
        off = sum(part.amount for line in lines for part in line.discount_amounts)
        assert invoice.total == sum(line.amount for line in lines) - off
        assert 0 <= invoice.amount_paid <= invoice.amount_due
        assert invoice.status != "paid" or invoice.amount_paid == invoice.amount_due
        periods = [line.period for line in lines]
        assert all(period.start <= period.end for period in periods)
    taken = sum(charge.amount_captured for charge in charges)
    assert taken == sum(invoice.amount_paid for invoice in invoices)
    for customer in customers:
        must_balance_for(customer, [each for each in invoices if each.customer == customer.id])


def must_balance_for(customer: Any, invoices: list[Any]) -> None:
    """What was billed and not paid in money is exactly what stands in the customer's balance."""
    counted = [each for each in invoices if each.status not in ("draft", "void")]
    assert customer.balance == sum(each.total - each.amount_due for each in counted)
