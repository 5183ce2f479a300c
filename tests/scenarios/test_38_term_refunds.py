"""Scenario 38 for terms paid once: a refund made in Stripe is seen, counted, and decided about."""

import pytest

from components.foundation import clock, database
from components.insights import invariants as insights_invariants
from components.insights.metrics import money_in, plan_results
from components.memberships.editing import plans
from components.memberships.entitlements import entitlements
from components.memberships.grants import fixed_term
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.payments import stripe_connection
from components.payments.values import Payer
from tests.support import join_members, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

HERE = "/staff/term-refunds"
REFUND_FAILS, DISPUTED = "4000000000005126", "4000000000000259"
DECIDED = {"keep": "Decided: nothing changes about the membership.", "end": "The membership has ended."}


async def with_a_term(shop: Shop, card: str = "4242424242424242") -> Browser:
    await people.owner("iris@kiln.test")
    await plans.create(slug="pass", name="Year pass", summary="", price=5000, interval="year", is_once=True, by=None)
    maya = await people.customer(join_members.MAYA, name="Maya")
    payer, plan = Payer(maya.id, maya.email, "Maya"), plan_catalogue.by_slug("pass")
    url = await fixed_term.start(payer, plan, success_path="/", cancel_path="/")
    await shop.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0], card=card)
    await shop.catch_up()
    return await shop.signed_in("iris@kiln.test")


async def refunded_in_stripe(shop: Shop, amount: int) -> None:
    intent = await database.fetch_value("SELECT stripe_id FROM mirrored_payment WHERE purpose = 'term'")
    await stripe_connection.client().v1.refunds.create_async({"payment_intent": str(intent), "amount": amount})
    await shop.catch_up()


async def refund_page(iris: Browser) -> Page:
    """From the member's page, as staff come to it."""
    shown = await iris.get(f"/staff/members/{await join_members.person()}")
    (address,) = [link for link in shown.links() if link.endswith("/refund")]
    return await iris.get(address)


async def emails(template: str) -> list[tuple[str, str]]:
    rows = await database.fetch("SELECT recipient, text FROM email WHERE template = $1", template)
    return [(row["recipient"], row["text"]) for row in rows]


async def is_member() -> bool:
    return (await entitlements.for_person(await join_members.person())).is_member


async def given_back() -> tuple[int, int]:
    parts = {one.name: one.amount for one in await money_in.parts(30)}
    return parts["Refunds of terms paid once"], sum(one.refunds for one in await plan_results.by_plan(30))


@pytest.mark.parametrize(("decision", "amount"), [("keep", 2000), ("end", 5000)])
async def test_38_staff_decide_about_a_term_refunded_in_stripe(shop: Shop, decision: str, amount: int) -> None:
    iris = await with_a_term(shop)
    assert "Nothing to decide" in (await iris.get(HERE)).words
    await refunded_in_stripe(shop, amount)
    await shop.catch_up()
    assert await is_member() and await given_back() == (-amount, amount), "this shop has no tax"
    assert "1 membership paid once was refunded in Stripe" in (await iris.get("/staff")).words
    ((told, to),) = await database.fetch_rows("SELECT text, recipient FROM email WHERE template = 'refund_to_decide'")
    assert to == "iris@kiln.test" and f"£{amount / 100:.2f} that Maya paid for Year pass was refunded" in told
    page = await iris.get(HERE)
    assert f"Maya £{amount / 100:.2f} 1 March 2027 1 March 2028" in page.words
    term = await database.fetch_value("SELECT id FROM paid_term")
    clock.set_everywhere(clock.now().replace(hour=18))
    deciding = f"/staff/paid-once/{term}/decision"
    assert deciding in page.links()
    page = await iris.get(deciding)
    assert f"£{amount / 100:.2f} of the £50.00 that Maya paid for Year pass went back to them." in page.words
    assert "the membership goes on until 1 March 2028" in page.words and "That can’t be undone." in page.words
    answer = await iris.submit(page, f"{deciding}/{decision}")
    assert (
        "Decided: nothing changes about the membership." if decision == "keep" else "The membership has ended."
    ) in answer.alerts()
    assert await is_member() is (decision == "keep")
    assert "nothing to decide" in (await iris.submit(page, f"{deciding}/{decision}")).alerts()
    assert "nothing to decide" in (await iris.get(deciding)).alerts()
    assert "refunded in Stripe" not in (await iris.get("/staff")).words and await invariants() == []


async def test_38_a_terms_refund_that_fails_later_counts_no_more_and_asks_nothing(shop: Shop) -> None:
    await with_a_term(shop, REFUND_FAILS)
    await refunded_in_stripe(shop, 5000)
    await join_members.until(shop, clock.now().replace(day=8))
    iris = await shop.signed_in("iris@kiln.test")
    assert "Nothing to decide" in (await iris.get(HERE)).words
    assert await given_back() == (0, 0) and await is_member()


@pytest.mark.parametrize(("follows", "amount"), [("keep", 2000), ("end", 5000)])
async def test_38_staff_refund_a_term_in_part_or_whole_and_say_whether_the_membership_ends(
    shop: Shop, follows: str, amount: int
) -> None:
    iris = await with_a_term(shop)
    page = await refund_page(iris)
    assert "£50.00 of £50.00 can still be refunded to Maya, for Year pass." in page.words
    assert "Benefits stay until 1 March 2028." in page.words and "A refund can’t be undone." in page.words
    for typed, words in (("50.01", "only £50.00 of it can still be refunded"), ("0", "more than zero")):
        refused = await iris.submit(page, page.path, how="amount", amount=typed)
        assert refused.status == 422 and words in refused.words
    refused = await iris.submit(page, page.path, how="whole", amount="9.00")
    assert refused.status == 422 and "You’ve entered an amount." in refused.alerts()
    clock.set_everywhere(clock.now().replace(hour=18))
    for _ in range(2):
        made = await iris.submit(
            page, page.path, how="amount", amount=f"{amount / 100}", follows=follows, reason="Moved away"
        )
    ends = " The membership is being ended." if follows == "end" else ""
    assert f"£{amount / 100:.2f} refunded.{ends}" in made.alerts(), "and once, however often it is sent"
    await shop.catch_up()
    ((recipient, text),) = await emails("fee_refunded")
    assert recipient == join_members.MAYA and f"£{amount / 100:.2f} of your fee for Year pass" in text
    assert "Reason: Moved away" in text and ("stays as it is, until 1 March 2028" in text) is (follows == "keep")
    assert await is_member() is (follows == "keep") and await given_back() == (-amount, amount)
    own = await (await shop.signed_in(join_members.MAYA)).get("/account/membership")
    assert ("Year pass has ended It ended on 1 March 2027." in own.words) is (follows == "end")
    shown = await iris.get(f"/staff/members/{await join_members.person()}")
    assert f"£{amount / 100:.2f} refunded" in shown.words and "Moved away" in shown.words
    assert "Nothing to decide" in (await iris.get(HERE)).words, "it was decided with the refund"
    left = await refund_page(iris) if follows == "keep" else await iris.get(page.path)
    assert ("£30.00 of £50.00" if follows == "keep" else "Nothing left to refund") in left.words
    written = await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'paid term refunded'")
    assert written == 1 and await invariants() == [] and await insights_invariants.invariants() == []


async def test_38_a_term_refunded_by_staff_that_fails_later_is_said_to_member_and_staff(shop: Shop) -> None:
    iris = await with_a_term(shop, REFUND_FAILS)
    page = await refund_page(iris)
    assert "£50.00 refunded." in (await iris.submit(page, page.path)).alerts()
    await shop.catch_up()
    await join_members.until(shop, clock.now().replace(day=8))
    ((member, said),) = await emails("refund_not_received")
    assert member == join_members.MAYA and "£50.00 for your fee for Year pass" in said
    ((staff, told),) = await emails("fee_refund_failed")
    assert staff == "iris@kiln.test" and "the refund of £50.00 to Maya, of the fee for Year pass" in told
    iris = await shop.signed_in("iris@kiln.test")
    home, payments = await iris.get("/staff"), await iris.get("/staff/payments")
    assert "1 refund of a membership paid once failed" in home.words and "Maya" in payments.words
    assert await given_back() == (0, 0) and await is_member()
    again = await refund_page(iris)
    assert "£50.00 refunded." in (await iris.submit(again, again.path)).alerts()
    assert "paid once failed" not in (await iris.get("/staff")).words


async def test_38_nothing_is_refunded_of_a_disputed_term_and_only_by_whoever_may(shop: Shop) -> None:
    iris = await with_a_term(shop, DISPUTED)
    term = await database.fetch_value("SELECT id FROM paid_term")
    here = f"/staff/paid-once/{term}/refund"
    refused = await iris.get(here)
    assert "disputed" in refused.words and f'action="{here}"' not in refused.text
    await people.staff(permissions=("members",))
    sam = await shop.signed_in("sam@kiln.test")
    assert {(await sam.get(here)).status, (await sam.get(f"/staff/paid-once/{term}/decision")).status} == {403}
    assert here not in (await sam.get(f"/staff/members/{await join_members.person()}")).links()
    assert (await iris.get(f"/staff/paid-once/{await join_members.person()}/refund")).status == 404


async def test_38_a_refunded_term_that_is_over_asks_nothing_any_more(shop: Shop) -> None:
    """By itself: nobody had decided while it went on."""
    iris = await with_a_term(shop)
    await refunded_in_stripe(shop, 5000)
    assert "1 membership paid once was refunded in Stripe" in (await iris.get("/staff")).words
    term = await database.fetch_value("SELECT id FROM paid_term")
    await join_members.until(shop, clock.now().replace(year=2028, day=2))
    iris = await shop.signed_in("iris@kiln.test")
    assert not await is_member() and "refunded in Stripe" not in (await iris.get("/staff")).words
    assert "Nothing to decide" in (await iris.get(HERE)).words
    assert "nothing to decide" in (await iris.post(f"/staff/paid-once/{term}/decision/end", {})).alerts()
