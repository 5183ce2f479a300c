"""Store credit pays a renewal, where the shop allows it and the member wants it: to the penny, once, and given back."""

import contextlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.checkout.taxes import tax_rates
from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.insights import invariants as insights_invariants
from components.insights.invariants import FIGURES
from components.ledger import balances, credit, reservations
from components.memberships.billing import cancellations, fee_refunds
from components.memberships.renewal_credits import credit_choices, renewal_credits
from components.payments import running_subscriptions, stripe_connection
from components.payments.facts import InvoiceDrafted, InvoicePaid
from components.payments.invoicing import invoices
from tests.scenarios.test_invoices import COMPANY
from tests.scenarios.test_owing import FAILS, new_card
from tests.support import join_members, people
from tests.support.shops import Shop
from tests.support.slow_bank import loses_answers

FEE = 1000


async def ready(shop: Shop, amount: int, *, wants: bool = True, allowed: str = "yes", interval: str = "year") -> UUID:
    """Maya, a member, with so much store credit."""
    await join_members.member(shop, price=FEE, interval=interval)
    person = await join_members.person()
    await setting_rows.change({"renewal_credit": "yes"}, by=None)
    if wants:
        await credit_choices.choose(person, wanted=True)
    clock.set_everywhere(clock.now() + timedelta(seconds=1))  # a change of its own instant
    await setting_rows.change({"renewal_credit": allowed}, by=None)
    await credit.grant(person, amount, cause=f"test:{ids.new()}", words="For the test", expires_at=None)
    return person


async def drafted(shop: Shop, *, heard: bool = True) -> str:
    """The renewal has become a draft."""
    ends = (await join_members.subscription())["current_period_end"]
    clock.set_everywhere(ends + timedelta(minutes=1))  # type: ignore[operator]
    shop.stand_in.catch_up()
    if heard:
        await shop.catch_up()
    return (await at_stripe())["id"]


async def charged(shop: Shop) -> dict[str, Any]:
    """The draft has been final for an hour."""
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await shop.catch_up()
    return await at_stripe()


async def broken() -> list[str]:
    """Every rule of memberships, the ledger, payments, and what holds between them."""
    wanted = ("payments", "memberships", "ledger", FIGURES)
    return [words async for part in insights_invariants.examine() if part.name in wanted for words in part.broken]


async def at_stripe() -> dict[str, Any]:
    found = await stripe_connection.client().v1.invoices.list_async({"limit": 1})
    return found.data[0].to_dict()


async def left(person: UUID) -> tuple[int, int]:
    """What may be spent, and what is reserved."""
    purse = await balances.for_person(person)
    return purse.spendable, sum(purse.reserved.values())


async def row() -> dict[str, Any]:
    found = await database.fetch_one("SELECT * FROM renewal_credit ORDER BY at DESC LIMIT 1")
    return dict(found) if found else {}


@pytest.mark.parametrize(
    ("had", "used", "after"),
    [(400, 400, 0), (1000, 1000, 0), (2500, 1000, 1500), (970, 970, 0), (971, 970, 1), (999, 970, 29), (0, 0, 0)],
)
async def test_it_pays_what_it_can_and_leaves_what_a_bank_charges(shop: Shop, had: int, used: int, after: int) -> None:
    person = await ready(shop, had)
    await drafted(shop)
    assert await left(person) == (had - used, used)
    paid = await charged(shop)
    assert (paid["status"], paid["amount_paid"]) == ("paid", FEE - used)
    assert await left(person) == (after, 0)
    assert (await row()).get("status") == ("spent" if used else None)
    seen = await invoices.by_id(paid["id"])
    assert seen is not None
    assert (seen.total, seen.amount_paid, seen.store_credit) == (FEE, FEE - used, used)
    period = await database.fetch_one("SELECT * FROM paid_period ORDER BY starts_at DESC LIMIT 1")
    assert period is not None and (period["amount"], period["net_price"]) == (FEE - used, FEE)
    assert await broken() == []


async def taxed(shop: Shop) -> None:
    """A fifth on top of what is net, with invoices, since yesterday."""
    with clock.frozen(clock.now() - timedelta(days=1)):
        await setting_rows.change({**COMPANY}, by=None)
        await tax_rates.set_rate("GB", rate_bp=2000)


@pytest.mark.parametrize("had", [400, 1000, 2500])
async def test_its_tax_is_on_the_invoice_and_the_receipt_whatever_part_credit_paid(shop: Shop, had: int) -> None:
    await taxed(shop)
    await ready(shop, had)
    await drafted(shop)
    await charged(shop)
    issued = await database.fetch_rows("SELECT total, net, tax FROM invoice")
    assert issued == [(FEE, 833, 167)] * 2
    mailed = await database.fetch_value("SELECT text FROM email WHERE template = 'payment_receipt'")
    assert "£1.67 VAT" in str(mailed)
    assert await broken() == []


@pytest.mark.parametrize(("wants", "allowed"), [(False, "yes"), (True, "no")])
async def test_nobody_s_credit_is_used_unasked(shop: Shop, wants: bool, allowed: str) -> None:
    person = await ready(shop, 400, wants=wants, allowed=allowed)
    await drafted(shop)
    assert (await charged(shop))["amount_paid"] == FEE
    assert await left(person) == (400, 0)


async def test_late_twice_and_out_of_order_end_the_same(shop: Shop) -> None:
    """News that comes after the draft is final charges the whole fee, and the credit is still there."""
    person = await ready(shop, 400)
    invoice = await drafted(shop, heard=False)
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    shop.stand_in.catch_up()
    await shop.catch_up()
    assert (await at_stripe())["amount_paid"] == FEE and await left(person) == (400, 0)
    fact = InvoiceDrafted(invoice, (await join_members.subscription())["id"], "subscription_cycle")  # type: ignore[arg-type]
    await renewal_credits.use(fact)
    assert (await row())["status"] == "released" and await left(person) == (400, 0), "what is final is left alone"
    await renewal_credits.use(fact)
    assert await database.fetch_value("SELECT count(*) FROM renewal_credit") == 1
    invoice = await drafted(shop)
    for _ in range(2):
        await renewal_credits.use(InvoiceDrafted(invoice, fact.local_id, fact.reason))
    paid = await charged(shop)
    for _ in range(2):
        await renewal_credits.follow_paid(InvoicePaid(invoice, fact.local_id, fact.reason, 600, "GBP"))
        await renewal_credits.use(InvoiceDrafted(invoice, fact.local_id, fact.reason))
    assert (paid["amount_paid"], await left(person)) == (600, (0, 0))
    assert await broken() == []


@pytest.mark.parametrize("how", ["away", "answer lost", "final meanwhile"])
async def test_an_outage_while_it_is_put_on(shop: Shop, how: str) -> None:
    person = await ready(shop, 400)
    invoice = await drafted(shop, heard=False)
    local = (await join_members.subscription())["id"]
    await hears_only(invoice)
    with loses_answers(shop, "/v1/invoiceitems", arrives=how == "answer lost"):
        await renewal_credits.use(InvoiceDrafted(invoice, local, "subscription_cycle"))  # type: ignore[arg-type]
    assert await left(person) == (0, 400) and (await row())["status"] == "reserved"
    if how == "final meanwhile":
        clock.set_everywhere(clock.now() + timedelta(hours=2))
        shop.stand_in.catch_up()
    await renewal_credits.settle_open()
    wanted = "released" if how == "final meanwhile" else "placed"
    assert (await row())["status"] == wanted
    paid = await charged(shop)
    assert (paid["amount_paid"], await left(person)) == ((FEE, (400, 0)) if wanted == "released" else (600, (0, 0)))
    assert await broken() == []


async def hears_only(invoice: str) -> None:
    """The draft is mirrored, and nothing follows from it yet."""
    await invoices.sync(invoice)
    await database.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


async def test_credit_that_is_spent_at_the_checkout_in_the_same_moment(shop: Shop) -> None:
    """Whoever locks the member's accounts first has it; the other has what is left, and nothing is spent twice."""
    person = await ready(shop, 400)
    invoice = await drafted(shop, heard=False)
    await hears_only(invoice)
    order = ids.new()
    await reservations.reserve(order, person_id=person, amount=300, words="Order S-1")
    local = (await join_members.subscription())["id"]
    await renewal_credits.use(InvoiceDrafted(invoice, local, "subscription_cycle"))  # type: ignore[arg-type]
    with contextlib.suppress(reservations.NotEnoughCredit):
        await reservations.reserve(ids.new(), person_id=person, amount=1, words="Order S-2")
    assert await left(person) == (0, 400) and (await row())["amount"] == 100
    await reservations.release(order, words="Order S-1 was not paid")
    assert ((await charged(shop))["amount_paid"], await left(person)) == (900, (300, 0))


async def test_the_rest_is_declined_and_paid_later_or_never(shop: Shop) -> None:
    person = await ready(shop, 400)
    await new_card(shop, await shop.signed_in(join_members.MAYA), FAILS)
    await drafted(shop)
    open_one = await charged(shop)
    assert (open_one["status"], open_one["amount_due"], await left(person)) == ("open", 600, (0, 400))
    due = await join_members.subscription()
    assert due["status"] == "past_due"
    await cancellations.schedule(due["id"], reason="")  # type: ignore[arg-type]
    await shop.catch_up()
    assert (await at_stripe())["status"] == "void"
    assert (await row())["status"] == "released" and await left(person) == (400, 0)
    assert await broken() == []


async def test_it_ends_while_the_renewal_is_a_draft(shop: Shop) -> None:
    """Nobody will collect the draft: the credit is taken off it, and is back before anything could be paid with it."""
    person = await ready(shop, 1000)
    await drafted(shop)
    local = (await join_members.subscription())["id"]
    await running_subscriptions.end_now(local, key="test:end")  # type: ignore[arg-type]
    await shop.catch_up()
    assert await left(person) == (0, 1000)
    await renewal_credits.settle_open()
    seen = await at_stripe()
    assert (seen["status"], seen["total"], await left(person)) == ("draft", FEE, (1000, 0))
    assert (await row())["status"] == "released" and await broken() == []


@pytest.mark.parametrize(
    ("credit_had", "refunds", "money", "back"),
    [
        (400, [1000], 600, [400]),
        (400, [500, 500], 600, [200, 200]),
        (400, [1, 333, 666], 600, [0, 133, 267]),
        (1000, [250, 750], 0, [250, 750]),
    ],
)
async def test_a_refund_gives_back_its_share_as_credit(
    shop: Shop, credit_had: int, refunds: list[int], money: int, back: list[int]
) -> None:
    person = await ready(shop, credit_had)
    await people.owner()
    await drafted(shop)
    invoice = (await charged(shop))["id"]
    local, iris = (await join_members.subscription())["id"], await join_members.person("iris@kiln.test")
    shares = []
    for amount in refunds:
        made = await fee_refunds.create(
            local,
            invoice,
            amount,
            reason="Sorry",
            ends_now=False,
            by=iris,
            key=ids.new(),  # type: ignore[arg-type]
        )
        shares.append(made.credit)
        await fee_refunds.send(made.id)
        await shop.catch_up()
    rows = await database.fetch("SELECT amount, status FROM fee_refund")
    assert shares == back and sum(each["amount"] for each in rows) == money
    assert {each["status"] for each in rows} == {"succeeded"} and await left(person) == (credit_had, 0)
    paid = await fee_refunds.payment(local, invoice)  # type: ignore[arg-type]
    assert (paid.left.amount, paid.credit_left.amount, paid.refunded.amount) == (0, 0, FEE)
    assert await broken() == []
