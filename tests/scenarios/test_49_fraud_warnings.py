"""Scenario 49: a card's issuer warns of fraud: seen everywhere, told once, refunded with one click or left."""

import pytest

from components.foundation import database, ids
from components.foundation.refusals import NotFound
from components.payments import mirror
from components.payments.dispute_answers import fraud_warnings
from components.payments.dispute_answers.fraud_warnings import CAUSES, FraudWarning
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import iris
from tests.scenarios.test_49_dispute_answers import owner
from tests.scenarios.test_49_disputes import decided
from tests.support import join_members
from tests.support.pages import Browser
from web.standin.charging import disputes as bank
from web.standin.charging import fraud_warnings as issuer

WARNED = "4000000000005423"
LIST = "/staff/payments/fraud-warnings"
BADGE = "Fraud warning"
SAID = "payment that may be fraudulent"


async def warning() -> FraudWarning:
    (found,) = await fraud_warnings.part(limit=9, offset=0)
    return found


async def warned_order(kiln: Kiln) -> str:
    browser = kiln.shop.browser()
    session = await kiln.to_pay(browser)
    await kiln.pay(session, WARNED)
    await kiln.come_back(browser, session)
    await kiln.work()
    (order,) = await kiln.orders()
    return str(order["number"])


async def badges(staff: Browser, address: str) -> list[str]:
    page = await staff.get(address)
    found = [one for one in page.tree.iter("span") if "badge" in one.get("class", "").split()]
    return [" ".join("".join(one.itertext()).split()) for one in found]


async def emails() -> list[str]:
    return list(await database.fetch_values("SELECT text FROM email WHERE template = 'fraud_warning'"))


def test_every_kind_of_fraud_has_words() -> None:
    assert set(CAUSES) == set(issuer.TYPES)


async def test_49_an_order_warned_of_is_refunded_with_one_click_and_no_longer_asked_about(kiln: Kiln) -> None:
    staff, number = await iris(kiln), await warned_order(kiln)
    (told,) = await emails()
    assert f"order {number}" in told and "The holder says they" in told and "Don't ship it" in told
    found = await warning()
    assert found.needs_decision and f"{LIST}/{found.id}" in told and found.money.amount == 2795
    assert SAID in (await staff.get("/staff")).words
    assert BADGE in await badges(staff, "/staff/payments")
    assert BADGE in await badges(staff, "/staff/orders")
    order = await staff.get(f"/staff/orders/{number}")
    assert "the holder says they didn’t pay" in order.words and f"{LIST}/{found.id}" in order.links()
    assert f"Order {number}" in (await staff.get(LIST)).words
    page = await staff.get(f"{LIST}/{found.id}")
    (refund,) = [one for one in page.links() if one.endswith("/refunds/new")]
    await staff.submit(await staff.get(refund), f"/staff/orders/{number}/refunds")
    await kiln.work()
    assert not (await warning()).is_actionable and SAID not in (await staff.get("/staff")).words
    page = await staff.get(f"{LIST}/{found.id}")
    assert "Nothing is left to do here" in page.words and refund not in page.links()
    assert "warns of" not in (await staff.get(f"/staff/orders/{number}")).words
    assert BADGE not in await badges(staff, "/staff/payments") + await badges(staff, "/staff/orders")
    late = await staff.post(page.path, {"words": "Late"})
    assert late.status == 404 and len(await emails()) == 1 and await kiln.broken() == []


async def test_49_a_fee_warned_of_is_left_with_a_note_and_a_dispute_ends_the_warning(kiln: Kiln) -> None:
    staff = await iris(kiln)
    await join_members.joins(kiln.shop, kiln.annual, card=WARNED)
    await kiln.work()
    person, found = await join_members.person(), await warning()
    member = await staff.get(f"/staff/members/{person}")
    assert BADGE in await badges(staff, "/staff/members")
    assert "warns of £39.00" in member.words and f"{LIST}/{found.id}" in member.links()
    page = await staff.get(f"{LIST}/{found.id}")
    assert f"/staff/members/{person}/fees/{found.invoice}/refunds/new" in page.links()
    assert (await staff.submit(page, page.path)).status == 422
    page = await staff.submit(page, page.path, words="Maya called, it is hers")
    assert "Left as it is." in page.alerts() and "it is hers" in page.words
    assert SAID not in (await staff.get("/staff")).words
    assert BADGE not in await badges(staff, "/staff/members") + await badges(staff, "/staff/payments")
    assert "Left as it is" in (await staff.get(f"/staff/members/{person}")).words
    with pytest.raises(NotFound):
        await fraud_warnings.leave(found.id, words="Again", by=await owner())
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'fraud warning left'") == 1
    with kiln.stand_in.engine.changing() as books:
        bank.open_against(books, next(iter(books.find("charge"))), reason="fraudulent")
    await kiln.work()
    assert (await warning()).state == "Refunded or disputed"
    await decided(kiln, "won")
    assert len(await emails()) == 1 and await kiln.broken() == []


async def test_49_a_warning_comes_late_twice_or_about_nothing_of_ours(kiln: Kiln) -> None:
    await iris(kiln)
    browser = kiln.shop.browser()
    session = await kiln.to_pay(browser)
    await kiln.pay(session)
    await kiln.come_back(browser, session)
    await kiln.work()
    with kiln.stand_in.engine.changing() as books:
        charge = next(iter(books.find("charge")))
        bank.open_against(books, charge, reason="fraudulent")
        sent = issuer.send(books, charge, fraud_type="misc")["id"]
        foreign = books.make("charge", amount=5, payment_intent=None, currency="gbp")
        alien = books.make(issuer.KIND, charge=foreign["id"], fraud_type="misc", payment_intent=None)["id"]
    await kiln.work()
    assert not (await warning()).is_actionable and await emails() == [], "a dispute says more"
    assert await mirror.sync_object(issuer.KIND, sent) == "mirrored"
    assert await mirror.sync_object(issuer.KIND, alien) == "not ours"
    assert await mirror.sync_object(issuer.KIND, f"issfr_{ids.new().hex[:24]}") == "no longer at Stripe"
    with pytest.raises(NotFound):
        await fraud_warnings.by_id("issfr_elsewhere")


async def test_the_control_page_of_the_stand_in_sends_a_warning(kiln: Kiln) -> None:
    browser = await join_members.joins(kiln.shop, kiln.annual)
    control = await browser.get("/offline-payments/control")
    sends = "/offline-payments/control/fraud-warning"
    assert (await browser.submit(control, sends, fraud_type="nonsense")).status == 422
    await browser.submit(control, sends, fraud_type="made_with_stolen_card")
    await kiln.work()
    assert (await warning()).cause == "The card was stolen"
