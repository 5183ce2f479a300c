"""A price rise is announced, its payment fails, and the member withdraws from the contract: all of it in German."""

import re
from datetime import UTC, datetime, timedelta

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.memberships.billing import price_migrations
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.messaging.notices import price_emails
from components.people import customer_accounts
from tests.scenarios.test_owing import FAILS, new_card
from tests.scenarios.test_plans import sound
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE, DAY, HOUR = "/account/membership", timedelta(days=1), timedelta(hours=1)
RISES = datetime(2027, 5, 1, 12, tzinfo=UTC)
ENGLISH = re.compile(r"\b(you|your|the|and)\b")
STAFF = ("withdrawal_received",)


async def german(shop: Shop) -> Browser:
    found = await shop.signed_in(join_members.MAYA)
    found.client.cookies.set("language", "de")
    return found


async def on(shop: Shop, *instants: datetime) -> Browser:
    """Time goes on; the worker moves prices and tells of it at these instants."""
    for at in instants:
        clock.set_everywhere(at)
        await price_migrations.run_due()
        await price_emails.send_price_notices()
        await shop.catch_up()
    return await german(shop)


async def body(browser: Browser, path: str = HERE) -> str:
    return (await browser.get(path)).words.split("Abmelden", 2)[-1].split("Stoneware")[0]


async def every() -> list[tuple[str, str]]:
    rows = await database.fetch_rows("SELECT template, subject || ' ' || text FROM email ORDER BY id")
    return [(template, " ".join(text.split())) for template, text in rows]


async def texts(template: str) -> list[str]:
    return [text for kind, text in await every() if kind == template]


async def test_told_refused_withdrawn_from_and_cancelled_all_of_it_is_german(shop: Shop) -> None:
    await setting_rows.change({"country": "DE", "shop_languages": "de", "withdrawal_page": "on"}, by=None)
    await people.owner("iris@kiln.test")
    plan = await make_plans.club(price=400, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    await customer_accounts.use_language(await join_members.person(), "de")
    await plans.revise(plan.id, price=500, by=None)
    maya = await german(shop)
    assert "Sie behalten den Preis, zu dem Sie beigetreten sind." in await body(maya)
    moved, told_by = plan_catalogue.by_slug("monthly"), datetime(2027, 4, 20, tzinfo=UTC)
    await price_migrations.schedule(moved, from_at=told_by, notice_days=14, by=None)
    words = await body(maya)
    assert "Sie behalten den Preis" not in words and "Neue Mitglieder zahlen 5,00 £ im Monat." in words
    maya = await on(shop, *(datetime(2027, 4, day, 14, tzinfo=UTC) for day in (1, 2)))
    await new_card(shop, maya, FAILS)
    maya = await on(shop, *(datetime(2027, 4, day, 12, tzinfo=UTC) for day in (12, 17, 25)))
    words = await body(maya)
    assert "Nächste Abbuchung 5,00 £ am 1. Mai 2027 Preis 4,00 £ im Monat" in words and "Neue Mitglieder" not in words
    (told,) = await texts("price_moves")
    assert "Bis zum 1. Mai 2027: 4,00 £ im Monat Ab dem 1. Mai 2027: 5,00 £ im Monat" in told
    assert "Die Verlängerung Ihrer Mitgliedschaft Monthly am 1. Mai 2027 ist die erste zum neuen Preis." in told
    maya = await on(shop, RISES - 12 * HOUR, RISES + 3 * HOUR)
    words = await body(maya)
    assert "Ihre Zahlung über 5,00 £ für Monthly ist nicht eingegangen." in words
    assert "Sie behalten Ihre Vorteile bis zum 15. Mai 2027." in words and "Preis 5,00 £ im Monat" in words
    (failed,) = await texts("payment_failed")
    assert "Monthly: 5,00 £ Karte: Visa mit den Endziffern 0341" in failed and "bis zum 15. Mai 2027" in failed
    await withdrawn(shop)
    iris = await shop.signed_in("iris@kiln.test")
    listed = await iris.get("/staff/withdrawals")
    assert "Nothing has to be: it came too late." in listed.words and "Refund by" not in listed.words
    (one,) = await database.fetch_values("SELECT id FROM withdrawal")
    assert "Nothing waits." in (await iris.submit(listed, f"/staff/withdrawals/{one}/refused")).words
    maya = await german(shop)
    asked = await maya.get(f"{HERE}/cancellation")
    after = await maya.submit(asked, f"{HERE}/cancellation", reason="price")
    assert "Mitgliedschaft gekündigt. Sie ist beendet, und es wird nichts mehr abgebucht." in after.alerts()
    await on(shop, RISES + 40 * DAY)
    words = await body(await german(shop))
    assert (
        "Die Mitgliedschaft „Monthly“ ist beendet Ihre Mitgliedschaft endete am 1. Mai 2027." in words
        and "5,00 £" not in words
    )
    (over,) = await texts("subscription_ended")
    assert "Wie von Ihnen gewünscht, endete Ihre Mitgliedschaft Monthly am 1. Mai 2027. Sie schulden nichts" in over
    bills = await database.fetch_rows("SELECT status, total::int FROM mirrored_invoice ORDER BY created_at")
    assert [tuple(one) for one in bills] == [("paid", 400), ("paid", 400), ("void", 500)] and await sound() == []
    for text in [text for template, text in await every() if template not in ("membership_started", *STAFF)]:
        assert ENGLISH.search(text) is None, text


async def withdrawn(shop: Shop) -> None:
    """Both steps, by somebody who is not signed in."""
    guest = shop.browser()
    guest.client.cookies.set("language", "de")
    typed = {"name": "Maya Finch", "email": join_members.MAYA, "about": "membership", "number": "Monthly"}
    first = await guest.get("/withdraw")
    assert (
        first.heading == "Vertrag widerrufen"
        and "Sie müssen sich nicht anmelden und keinen Grund nennen." in first.words
    )
    second = await guest.submit(first, "/withdraw", **typed)
    assert second.heading == "Widerruf bestätigen" and "Es wurde noch nichts gesendet." in second.words
    done = await guest.submit(second, "/withdraw/confirm")
    assert done.heading == "Wir haben Ihren Widerruf erhalten" and "Samstag, 1. Mai 2027 um 16:00 Uhr" in done.words
    await shop.catch_up()
    (receipt,) = await texts("withdrawal_receipt")
    assert "Eingegangen: Samstag, 1. Mai 2027 um 16:00 Uhr Vertrag: Eine Mitgliedschaft: Monthly" in receipt
