"""Customers and orders of an earlier shop: uploaded, previewed, imported, seen by whom they concern, undone."""

import pytest

from components.foundation import audit
from components.people import customer_accounts
from tests.components.old_shop.earlier_files import SHOPIFY_CUSTOMERS, SHOPIFY_ORDERS, sheet
from tests.components.old_shop.test_customer_files import ROSA
from tests.components.old_shop.test_order_files import FIRST, SECOND_LINE
from tests.support import people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.account.test_sign_in_emails import letter_to

IMPORTS = "/staff/members/imports"
CUSTOMERS = sheet(SHOPIFY_CUSTOMERS, ROSA | {"Default Address Zip": "12345"})
ORDERS = sheet(SHOPIFY_ORDERS, FIRST, SECOND_LINE)


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def sent(browser: Browser, source: bytes, *, to: str = IMPORTS) -> Page:
    files = {"sheet": ("from-there.csv", source, "text/csv")}
    return Page(await browser.client.post(to, files=files, follow_redirects=True))


async def brought_in(shop: Shop, browser: Browser, source: bytes) -> Page:
    page = await sent(browser, source)
    await shop.catch_up()
    preview = await browser.get(page.path)
    assert "Nothing has been imported yet." in preview.words
    await browser.submit(preview, f"{page.path}/arrival")
    await shop.catch_up()
    return await browser.get(page.path)


async def test_customers_are_previewed_imported_seen_and_taken_back(shop: Shop, iris: Browser) -> None:
    done = await brought_in(shop, iris, CUSTOMERS)
    assert "1 row of customers. Imported." in done.words and "New 1" in done.words
    assert "1 High Street" in done.words, "what does not fit is told"
    rosa = await customer_accounts.by_email("rosa@example.org")
    assert rosa is not None
    shown = await iris.get(f"/staff/members/{rosa.id}")
    for words in (
        "Refused (“Accepts Email Marketing: no” in from-there.csv)",
        "vip, trade",
        "Likes blue",
        "12345 Leeds",
    ):
        assert words in shown.words, words
    listed = await iris.get(IMPORTS)
    assert "Customers" in listed.words and "Imported" in listed.words
    undone = await iris.submit(done, f"{done.path}/undo")
    assert "Import undone: 1 customer removed." in undone.words
    assert await customer_accounts.by_email("rosa@example.org") is None
    whats = {entry["what"] for entry in await audit.entries(subject="import")}
    assert whats == {"import of customers undone", "customers imported"}


async def test_a_customer_signs_in_with_a_code_and_sees_their_orders_only_then(shop: Shop, iris: Browser) -> None:
    await brought_in(shop, iris, CUSTOMERS)
    await brought_in(shop, iris, ORDERS)
    rosa = await customer_accounts.by_email("rosa@example.org")
    assert rosa is not None and rosa.email_confirmed_at is None
    own = shop.browser()
    _, code = await letter_to(shop, own, "rosa@example.org")
    stranger = await shop.signed_in((await people.customer("noor@kiln.test")).email)
    assert "#1001" not in (await stranger.get("/account/orders/earlier")).words
    assert "earlier shop" not in (await stranger.get("/account/orders")).words
    signed_in = await own.post("/sign-in/code", {"email": "rosa@example.org", "code": code})
    assert signed_in.heading == "Hello, Rosa Lind"
    assert "Orders from our earlier shop" in (await own.get("/account/orders")).words
    mine = await own.get("/account/orders/earlier")
    for words in (
        "#1001",
        "Blue shirt - M",
        "BS-M",
        "Red shirt",
        "£1,055.00",
        "£175.83",
        "partially refunded",
        "Leeds",
    ):
        assert words in mine.words, words
    told = (await own.client.get("/account/privacy/data.json")).json()
    assert told["orders_of_earlier_shop"][0]["number"] == "#1001"
    assert told["from_earlier_shop"]["marketing_consent"] == "no" and told["orders"] == []


async def test_an_unconfirmed_e_mail_shows_nothing(shop: Shop, iris: Browser) -> None:
    await brought_in(shop, iris, ORDERS)
    await people.newcomer("rosa@example.org")
    stranger = await shop.signed_in("rosa@example.org")
    assert "#1001" not in (await stranger.get("/account/orders/earlier")).words
    assert "earlier shop" not in (await stranger.get("/account/orders")).words


async def test_staff_find_orders_by_number_and_e_mail(shop: Shop, iris: Browser) -> None:
    await brought_in(shop, iris, ORDERS)
    for search in ("1001", "rosa@example"):
        assert "1 order of your earlier shop found too" in (await iris.get(f"/staff/orders?q={search}")).words
        assert "#1001" in (await iris.get(f"/staff/orders/earlier?q={search}")).words
    assert "No orders found" in (await iris.get("/staff/orders/earlier?q=nobody")).words
    rosa = await people.newcomer("rosa@example.org")
    assert "1 order there" in (await iris.get(f"/staff/members/{rosa.id}")).words


async def test_files_and_staff_of_other_kinds_are_refused(shop: Shop, iris: Browser) -> None:
    run = await sent(iris, CUSTOMERS)
    assert (await iris.get(run.path.replace("/members", ""))).status == 404, "a products page shows no customers"
    for part in ("arrival", "cancellation", "undo", "columns"):
        assert (await iris.post(f"{run.path}/{part}".replace("/members", ""))).status == 404
    await people.staff("sam@kiln.test", ("products",))
    sam = await shop.signed_in("sam@kiln.test")
    for path in (IMPORTS, run.path, "/staff/orders/earlier"):
        assert (await sam.get(path)).status == 403, path
    products = b"Handle,Title,Variant SKU,Variant Price\nmug,Mug,M-1,24\n"
    for source, words in (
        (products, "This is a file of products. Import it under Imports."),
        (b"subscription_id,billing_period\n1,month\n", "running subscriptions"),
        (b"", "not a CSV file"),
    ):
        page = await sent(iris, source)
        assert page.status == 422 and words in page.words, page.words
    assert "Import it under Members" in (await sent(iris, CUSTOMERS, to="/staff/imports")).words


async def test_columns_can_be_chosen_and_an_import_cancelled(shop: Shop, iris: Browser) -> None:
    page = await sent(iris, sheet(["Mail", "First Name", "Email"], {"Mail": "b@example.org", "First Name": "B"}))
    await shop.catch_up()
    preview = await iris.get(page.path)
    assert "There is no e-mail" in preview.words and "Ignored: Mail." in preview.words
    chosen = {"columns": ["0:Email", "1:First Name", "2:"], "encoding": ""}
    await iris.client.post(f"{page.path}/columns", data=chosen)
    await shop.catch_up()
    assert "New 1" in (await iris.get(page.path)).words
    again = await iris.submit(await iris.get(page.path), f"{page.path}/cancellation")
    assert "Import cancelled." in again.words and await customer_accounts.by_email("b@example.org") is None
