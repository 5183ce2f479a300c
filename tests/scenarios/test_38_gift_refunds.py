"""Scenario 38 for gifts: refunded by staff or in Stripe's dashboard, in whole or in part, before or after the gift was
redeemed; it succeeds, is pending, or fails later."""

from itertools import product
from typing import NamedTuple
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.insights.metrics import money_in, plan_results
from components.memberships.editing import plans
from components.memberships.entitlements import entitlements, membership_periods
from components.memberships.grants import gift_codes, gift_memberships, paid_once_refunds
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.payments import invariants as payment_invariants
from components.payments import payment_refunds, stripe_connection
from components.payments.values import Payer
from tests.support import join_members, make_plans, people, refunding
from tests.support.pages import Browser
from tests.support.shops import Shop

GOOD, REFUND_FAILS = "4242424242424242", "4000000000005126"
GIFTS = "/staff/gift-memberships"
PRICE = 3900
DECIDED = {"keep": "Decided: nothing changes about the membership.", "end": "The membership has ended."}


class Cell(NamedTuple):
    where: str
    is_redeemed: bool
    outcome: str
    amount: int

    @property
    def given_back(self) -> int:
        return 0 if self.outcome == "fails" else self.amount

    @property
    def is_whole(self) -> bool:
        return self.given_back == PRICE


CELLS = [
    Cell(*one) for one in product(("staff", "dashboard"), (False, True), ("succeeds", "pending", "fails"), (PRICE, 900))
]


async def giftable() -> None:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(is_giftable=True), by=None)


async def bought(shop: Shop, giver: UUID, card: str) -> UUID:
    wrapped = GiftDetails(
        giver_name="Noor", recipient_name="Maya", recipient_email="maya@kiln.test", message="", send_at=clock.now()
    )
    payer, plan = Payer(giver, "noor@kiln.test", "Noor"), plan_catalogue.by_slug("annual")
    url = await gift_memberships.buy(payer, plan, wrapped, success_path="/gifts/bought", cancel_path="/gifts")
    gift = await database.fetch_value("SELECT id FROM gift_membership WHERE paid_at IS NULL")
    await shop.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0], card=card)
    await gift_memberships.complete(gift)
    assert isinstance(gift, UUID)
    return gift


async def in_the_dashboard(gift: UUID, amount: int) -> None:
    intent = await database.fetch_value("SELECT stripe_id FROM mirrored_payment WHERE reference_id = $1", gift)
    await stripe_connection.client().v1.refunds.create_async({"payment_intent": str(intent), "amount": amount})


def make_pending(shop: Shop, gift: UUID) -> None:
    """As the bank of a debit leaves it for days."""
    with shop.stand_in.engine.changing() as books:
        for refund in books.find("refund"):
            charge = books.get("charge", refund["charge"])
            if charge["metadata"].get("reference_id") == str(gift):
                refund["status"] = "pending"
                books.announce("refund.updated", refund)


def refund_of(paid_for: object) -> str:
    return f"/staff/paid-once/{paid_for}/refund"


async def settled(shop: Shop) -> None:
    await shop.catch_up()
    assert [*await invariants(), *await payment_invariants.invariants()] == []


async def test_38_every_cell_of_where_when_how_much_and_what_came_of_it(shop: Shop) -> None:
    await giftable()
    noor, iris = (await people.customer("noor@kiln.test")).id, (await people.owner("iris@kiln.test")).id
    made: list[tuple[Cell, UUID]] = []
    maya = (await people.customer("maya@kiln.test")).id
    for cell in CELLS:
        gift = await bought(shop, noor, REFUND_FAILS if cell.outcome == "fails" else GOOD)
        made.append((cell, gift))
        if cell.is_redeemed:
            code = gift_codes.code_of(await gift_memberships.by_id(gift))
            await gift_memberships.redeem(code, person_id=maya)
    await settled(shop)
    for cell, gift in made:
        if cell.where == "staff":
            await refunding.refund_gift(gift, by=iris, amount=cell.amount)
        else:
            await in_the_dashboard(gift, cell.amount)
        if cell.outcome == "pending":
            make_pending(shop, gift)
    await settled(shop)
    await join_members.until(shop, clock.now().replace(day=8))
    await settled(shop)
    for cell, gift in made:
        await holds(cell, gift)
    await figures_agree(sum(cell.given_back for cell in CELLS))


async def holds(cell: Cell, gift: UUID) -> None:
    row, rows = await gift_memberships.by_id(gift), await paid_once_refunds.of(gift)
    wanted = {"succeeds": "succeeded", "fails": "failed", "pending": "pending"}[cell.outcome]
    assert [(one.status, one.amount) for one in rows] == [(wanted, cell.amount)], cell
    assert all((one.by is None) is (cell.where == "dashboard") for one in rows), cell
    assert bool(row.refunded_at) is cell.is_whole, cell
    code = gift_codes.code_of(row)
    if cell.is_redeemed:
        held = await membership_periods.latest_from(gift)
        assert held is not None and held.ends_at == held.starts_at.replace(year=held.starts_at.year + 1), cell
    elif cell.is_whole:
        with pytest.raises(gift_memberships.GiftRefunded):
            await gift_memberships.by_code(code)
    else:
        assert await gift_memberships.by_code(code), cell


async def figures_agree(given_back: int) -> None:
    parts = {one.name: one.amount for one in await money_in.parts(30)}
    assert parts["Gift memberships"] == len(CELLS) * PRICE
    assert parts["Refunds of gift memberships"] == -given_back
    (annual,) = [one for one in await plan_results.by_plan(30) if one.refunds]
    assert annual.refunds == given_back, "this shop has no tax"


async def with_one_gift(shop: Shop, card: str = GOOD) -> tuple[Browser, UUID]:
    await giftable()
    await people.owner("iris@kiln.test")
    gift = await bought(shop, (await people.customer("noor@kiln.test")).id, card)
    await shop.catch_up()
    return await shop.signed_in("iris@kiln.test"), gift


async def test_38_a_failed_refund_is_on_today_and_can_be_made_again(shop: Shop) -> None:
    iris, gift = await with_one_gift(shop, REFUND_FAILS)
    here = refund_of(gift)
    assert "Gift refunded." in (await iris.submit(await iris.get(here), here)).alerts()
    await shop.catch_up()
    assert here not in (await iris.get(GIFTS)).links()
    await join_members.until(shop, clock.now().replace(day=8))
    iris = await shop.signed_in("iris@kiln.test")
    home, listed = await iris.get("/staff"), await iris.get(GIFTS)
    assert "1 refund of a gift membership failed" in home.words and GIFTS in home.links()
    assert "£39.00 refund failed, 1 March 2027" in listed.words and here in listed.links()
    (told,) = await database.fetch("SELECT recipient, text FROM email WHERE template = 'gift_refund_failed'")
    assert told["recipient"] == "iris@kiln.test" and "The code of the gift works again." in told["text"]
    (corrected,) = await database.fetch("SELECT recipient, text FROM email WHERE template = 'refund_not_received'")
    assert corrected["recipient"] == "noor@kiln.test" and "£39.00 for your gift of" in corrected["text"]
    assert "for Maya" in corrected["text"] and "the gift’s code can be used" in corrected["text"]
    assert "Gift refunded." in (await iris.submit(await iris.get(here), here)).alerts()
    await settled(shop)
    assert [one.status for one in await payment_refunds.of_reference(gift)] == ["failed", "succeeded"]
    assert "refund of a gift membership failed" not in (await iris.get("/staff")).words


async def test_38_a_part_by_form_leaves_the_code_and_only_the_rest_can_follow(shop: Shop) -> None:
    await setting_rows.change({"invoices": "on"}, by=None)
    iris, gift = await with_one_gift(shop)
    here = refund_of(gift)
    form = await iris.get(here)
    for typed, words in (
        ("0", "more than zero"),
        ("39.01", "only £39.00 of it can still be refunded"),
        ("x", "Amount"),
    ):
        refused = await iris.submit(form, here, how="amount", amount=typed)
        assert refused.status == 422 and words in refused.words, typed
    for _ in range(2):
        after = await iris.submit(form, here, how="amount", amount="9.00")
    assert "£9.00 refunded. The code still works." in after.alerts()
    await shop.catch_up()
    (told,) = await database.fetch("SELECT text FROM email WHERE template = 'gift_refunded'")
    assert "£9.00 of your gift" in told["text"] and "its code still works" in told["text"]
    assert "Download the credit note: " in told["text"]
    rest = await iris.get(here)
    assert "£30.00 of £39.00 can still be refunded" in rest.words
    assert "Paid £39.00 Refunded −£9.00 Net payment £30.00" in rest.words
    assert "The code can no longer be used." in (await iris.submit(rest, here)).alerts()
    await settled(shop)
    assert sorted(one.amount for one in await payment_refunds.of_reference(gift)) == [900, 3000]


@pytest.mark.parametrize("decision", ["keep", "end"])
async def test_38_staff_decide_about_a_redeemed_gift_that_was_refunded_in_the_dashboard(
    shop: Shop, decision: str
) -> None:
    iris, gift = await with_one_gift(shop)
    maya = (await people.customer("maya@kiln.test", name="Maya")).id
    await gift_memberships.redeem(gift_codes.code_of(await gift_memberships.by_id(gift)), person_id=maya)
    await shop.catch_up()
    here = f"/staff/paid-once/{gift}/decision"
    assert "nothing to decide" in (await iris.get(here)).alerts()
    await in_the_dashboard(gift, PRICE)
    await settled(shop)
    assert "1 gift refunded after it was redeemed" in (await iris.get("/staff")).words
    (told,) = await database.fetch_values("SELECT text FROM email WHERE template = 'refund_to_decide'")
    assert "£39.00 that Noor paid for" in told and here in told
    assert here in (await iris.get(GIFTS)).links() and "Redeemed, refunded" in (await iris.get(GIFTS)).words
    page = await iris.get(here)
    assert "£39.00 went back to Noor after Maya had redeemed the gift." in page.words
    assert (await entitlements.for_person(maya)).is_member
    clock.set_everywhere(clock.now().replace(hour=18))
    answer = await iris.submit(page, f"{here}/{decision}")
    assert (
        "Decided: nothing changes about the membership." if decision == "keep" else "The membership has ended."
    ) in answer.alerts()
    assert (await entitlements.for_person(maya)).is_member is (decision == "keep")
    assert "gift refunded after" not in (await iris.get("/staff")).words
    assert "nothing to decide" in (await iris.submit(page, f"{here}/{decision}")).alerts()
    await settled(shop)


async def test_38_a_redeemed_gift_that_still_waits_never_begins_once_it_is_refunded(shop: Shop) -> None:
    _, gift = await with_one_gift(shop)
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    maya = await join_members.person()
    code = gift_codes.code_of(await gift_memberships.by_id(gift))
    assert await gift_memberships.redeem(code, person_id=maya) is None
    await in_the_dashboard(gift, PRICE)
    await shop.catch_up()
    assert await gift_memberships.pending(maya) == []
    await gift_memberships.begin_waiting(maya)
    assert (await gift_memberships.by_id(gift)).begun_at is None
    (told,) = await database.fetch("SELECT text FROM email WHERE template = 'gift_refunded'")
    assert "had not begun. It won’t begin now." in told["text"], "the buyer knows what became of it"


@pytest.mark.parametrize(("follows", "amount"), [("keep", 900), ("end", PRICE)])
async def test_38_staff_refund_a_gift_that_was_redeemed_and_say_whether_its_membership_ends(
    shop: Shop, follows: str, amount: int
) -> None:
    iris, gift = await with_one_gift(shop)
    maya, here = (await people.customer("maya@kiln.test", name="Maya")).id, refund_of(gift)
    unopened = await iris.get(here)
    assert "What happens with the membership" not in unopened.words
    await gift_memberships.redeem(gift_codes.code_of(await gift_memberships.by_id(gift)), person_id=maya)
    await shop.catch_up()
    late = await iris.submit(unopened, here)
    assert late.status == 409 and "nothing was refunded" in late.words
    assert await payment_refunds.of_reference(gift) == []
    assert (
        "Maya has redeemed it, and you choose below" in late.words and "Benefits stay until 1 March 2028." in late.words
    )
    clock.set_everywhere(clock.now().replace(hour=18))
    made = await iris.submit(late, here, how="amount", amount=f"{amount / 100}", follows=follows, reason="Kindness")
    assert f"£{amount / 100:.2f} refunded." in made.alerts()
    await settled(shop)
    assert (await entitlements.for_person(maya)).is_member is (follows == "keep")
    assert "refunded after it was redeemed" not in (await iris.get("/staff")).words, "it is decided"
    (told,) = await database.fetch_values("SELECT text FROM email WHERE template = 'gift_refunded'")
    assert ("The membership that it began ends with this refund." in told) is (follows == "end"), told
    await figures_agree_on_one(amount)


async def figures_agree_on_one(amount: int) -> None:
    parts = {one.name: (one.count, one.amount) for one in await money_in.parts(30)}
    assert parts["Refunds of gift memberships"] == (1, -amount)


async def test_38_a_gift_that_waits_never_begins_or_begins_as_planned_and_its_refund_says_which(shop: Shop) -> None:
    iris, gift = await with_one_gift(shop)
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    code = gift_codes.code_of(await gift_memberships.by_id(gift))
    await gift_memberships.redeem(code, person_id=await join_members.person())
    page = await iris.get(refund_of(gift))
    assert "it begins after the membership they have now" in page.words and "it never begins" in page.words
    assert "£39.00 refunded." in (await iris.submit(page, page.path)).alerts()
    await settled(shop)
    assert await gift_memberships.pending(await join_members.person()) == []
    assert "Nothing left to refund" in (await iris.get(refund_of(gift))).words
