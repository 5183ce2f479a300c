"""Each e-mail is in the language of whoever gets it, whatever is spoken while it is written."""

from datetime import UTC, datetime, timedelta

import pytest

from components.foundation import clock, ids
from components.foundation.languages import language
from components.foundation.shop_settings import setting_rows
from components.memberships.billing import subscriptions
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.editing import plans
from components.memberships.grants import gift_memberships, seats
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.plans import plan_catalogue
from components.messaging.alerts import staff_recipients
from components.messaging.emails import contact_emails
from components.messaging.emails.contact_emails import ContactMessage
from components.messaging.notices import notice_emails
from components.messaging.tables import Email
from components.messaging.texts import ready_email
from components.orders import fulfilments
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments.values import Payer
from components.people import customer_accounts
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.shops import Shop


@pytest.fixture
async def bilingual(goods: Shop) -> Shop:
    await setting_rows.change({"shop_languages": "de"}, by=None)
    return goods


async def the(template: str) -> Email:
    (found,) = await Email.objects().where(Email.template == template)
    return found


async def reads_german(email: str, name: str = "Noor") -> None:
    await customer_accounts.use_language((await people.customer(email, name=name)).id, "de")


async def test_a_guest_who_orders_in_german_reads_german_whoever_ships_and_refunds(bilingual: Shop) -> None:
    await make_products.product(on_hand=5)
    guest = bilingual.browser()
    guest.client.cookies.set("language", "de")
    await buy_products.buy(bilingual, guest)
    with language.speaking("en"):
        await bilingual.catch_up()
        order = await buy_products.the_order()
        await fulfilments.ship(order.id, carrier="Royal Mail", tracking="RM 123", by=None)
        await refunds.create(order.id, RefundRequest(amount=500, reason="Chipped"), by=None, key=ids.new())
        await bilingual.catch_up()
    paid, shipped, back = await the("order_confirmation"), await the("order_shipped"), await the("order_refunded")
    assert {one.language for one in (paid, shipped, back)} == {"de"}
    assert paid.subject == f"Ihre Bestellung {order.number}" and "Lieferadresse" in paid.text
    assert "Bezahlt: " in paid.text and "inkl. MwSt. (20\N{NO-BREAK SPACE}%)" in paid.text and "£ " not in paid.text
    assert "mit Royal Mail auf dem Weg zu Ihnen" in shipped.text
    assert "Wir haben Ihnen 5,00\N{NO-BREAK SPACE}£ für Ihre Bestellung" in back.text
    assert "weil Sie bei Kiln bestellt haben" in paid.text and '<html lang="de' in paid.html


async def test_a_customer_with_an_account_reads_their_own_language_whatever_they_ordered_in(bilingual: Shop) -> None:
    await make_products.product(on_hand=5)
    await reads_german("maya@kiln.test", "Maya")
    browser = await bilingual.signed_in("maya@kiln.test")
    browser.client.cookies.set("language", "en")
    await buy_products.buy(bilingual, browser, email="maya@kiln.test")
    await bilingual.catch_up()
    assert (await the("order_confirmation")).language == "de"


async def test_of_two_members_each_is_told_of_the_renewal_in_their_own_language(bilingual: Shop) -> None:
    """By one job; a language that is no longer offered gives way to the shop's own."""
    plan = await make_plans.club()
    await join_members.joins(bilingual, plan)
    await join_members.joins(bilingual, plan, email="noor@kiln.test")
    noor = await join_members.person("noor@kiln.test")
    await customer_accounts.use_language(noor, "de")
    found = await subscriptions.running(noor)
    assert found is not None
    await fee_discounts.put(found.id, FeeDiscountTerms(percent_bp=2000, payments=1), key=ids.new(), reason="Sorry")
    await bilingual.catch_up()
    assert "20\N{NO-BREAK SPACE}% Rabatt auf Ihre nächste Zahlung" in (await the("fee_discount")).text
    clock.set_everywhere(datetime(2028, 2, 10, 12, 0, tzinfo=UTC))
    await notice_emails.send_renewal_notices()
    told = {row.recipient: row for row in await Email.objects().where(Email.template == "renewal_notice")}
    german, english = told["noor@kiln.test"], told["maya@kiln.test"]
    assert german.subject == "Ihre Mitgliedschaft verlängert sich am 1. März 2028"
    assert "Visa mit den Endziffern 4242" in german.text and "31,20\N{NO-BREAK SPACE}£" in german.text
    assert "im Jahr: " in german.text and "20\N{NO-BREAK SPACE}%, statt 39,00\N{NO-BREAK SPACE}£" in german.text
    assert english.subject == "Your membership renews on 1 March 2028" and "£39.00" in english.text
    await setting_rows.change({"shop_languages": ""}, by=None)
    await Email.delete().where(Email.template == "renewal_notice")
    await notice_emails.send_renewal_notices()
    assert {row.language for row in await Email.objects().where(Email.template == "renewal_notice")} == {"en"}


async def test_the_sign_in_e_mail_is_in_the_language_in_which_it_was_asked_for(bilingual: Shop) -> None:
    await people.customer()
    for spoken, words in (("de", "Ihr Anmeldecode für Kiln"), ("en", "Your Kiln sign-in code")):
        guest = bilingual.browser()
        guest.client.cookies.set("language", spoken)
        page = await guest.get("/sign-in/email")
        await guest.submit(page, "/sign-in/email", email="noor@kiln.test")
        await bilingual.catch_up()
        (made,) = await Email.objects().where(Email.template == "sign_in", Email.language == spoken)
        assert made.subject == words


async def test_a_stranger_is_given_and_invited_in_the_language_of_whoever_does_it(bilingual: Shop) -> None:
    """Somebody who has an account here reads their own."""
    await plans.set_terms((await make_plans.club()).id, plans.PlanTerms(is_giftable=True, seats=2), by=None)
    plan = plan_catalogue.by_slug("annual")
    await reads_german("noor@kiln.test")
    await people.customer("theo@kiln.test", name="Theo")
    giver = await customer_accounts.by_email("noor@kiln.test")
    assert giver is not None
    for whom in ("friend@kiln.test", "theo@kiln.test"):
        details = GiftDetails(
            giver_name="Noor", recipient_name="Friend", recipient_email=whom, message="", send_at=clock.now()
        )
        payer = Payer(giver.id, giver.email, "Noor")
        url = await gift_memberships.buy(payer, plan, details, success_path="/gifts/bought", cancel_path="/gifts")
        await bilingual.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0])
        await bilingual.catch_up()
    given = {row.recipient: row for row in await Email.objects().where(Email.template == "gift")}
    assert given["friend@kiln.test"].subject == "Noor hat Ihnen ein Geschenk geschickt"
    assert "für 1 Jahr" in given["friend@kiln.test"].text and given["theo@kiln.test"].language == "en"
    assert {row.language for row in await Email.objects().where(Email.template == "gift_receipt")} == {"de"}
    await join_members.joins(bilingual, plan)
    payer_id = await join_members.person()
    await customer_accounts.use_language(payer_id, "de")
    await seats.invite(payer_id, email="other@kiln.test", own_email=join_members.MAYA)
    await bilingual.catch_up()
    assert "lädt Sie ein, eine Mitgliedschaft zu teilen" in (await the("seat_offered")).subject


async def test_whoever_runs_the_shop_reads_english_in_a_german_shop(
    bilingual: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written in English from the start: German is not even looked for."""
    logged: list[str] = []
    monkeypatch.setattr(ready_email.log, "warning", lambda event, **more: logged.append(event))
    clock.set_everywhere(clock.now() + timedelta(seconds=1))
    await setting_rows.change({"shop_language": "de"}, by=None)
    iris = await people.owner()
    await customer_accounts.use_language(iris.id, "de")
    await staff_recipients.send_test(iris.id)
    message = ContactMessage(name="Noor", email="noor@kiln.test", order="", message="Hallo")
    await contact_emails.pass_on(message, to="hello@kiln.test", connection="here")
    for template in ("test_email", "contact_message"):
        assert (await the(template)).language == "en", template
    assert "in the contact form of Kiln" in (await the("contact_message")).text and not logged
