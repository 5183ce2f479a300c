"""A new shop is closed to everybody, asks its owner a few questions, and is open when they are answered."""

import asyncio
from datetime import timedelta

import pytest

from components.checkout.delivery import delivery_terms
from components.content.pages import page_editing
from components.foundation import clock, database
from components.foundation.shop_settings import shop_settings
from components.memberships.editing import plan_benefits
from components.opening import setup_links, setup_state, shop_setup
from components.opening.shop_setup import NoOwner, SetupIncomplete
from components.people import operators, passwords
from tests.support import make_products, people
from tests.support.shops import Shop
from tests.web.setup.conftest import WORDS_OF_ANNA, NewShop, new_link
from web.setup.setup_forms import AT_LEAST

CLOSED = ("/", "/products", "/products/a-mug", "/sign-up", "/join", "/basket", "/checkout", "/contact", "/search?q=a",
          "/pages/terms", "/journal", "/sitemap.xml", "/account", "/gifts", "/mailbox", "/no-such-page", "/setup",
          "/sign-in", "/staff", "/staff/settings")  # fmt: skip


async def test_until_it_is_open_every_address_says_so_and_nothing_else(new_shop: NewShop) -> None:
    guest = new_shop.browser()
    for path in CLOSED:
        answer = await guest.client.get(path, follow_redirects=False)
        assert answer.status_code == 503 and answer.headers["retry-after"] == "3600", path
        assert "This shop is not open yet" in answer.text and "no-store" in answer.headers["cache-control"], path
        assert "noindex" in answer.text and "Kiln" not in answer.text, path
    assert (await guest.client.post("/basket", data={"variant": "x"})).status_code == 503
    program = await guest.client.get("/api/v1/products")
    assert program.status_code == 503 and program.json()["detail"] == "This shop is not open yet."
    for path in ("/health/live", "/up", "/favicon.ico"):
        assert (await guest.client.get(path)).status_code == 200, path


async def test_six_answers_and_two_clicks_open_a_shop_that_has_what_follows_from_them(new_shop: NewShop) -> None:
    anna = new_shop.browser()
    page = await anna.get(new_shop.link, headers={"accept-language": "en-GB,en;q=0.8"})
    asked = {name for name in page.form(new_shop.link).given if name}
    assert asked == set(WORDS_OF_ANNA) and page.form(new_shop.link).given["country"] == "GB"
    assert page.headers["cache-control"] == "private, no-store"
    page = await anna.submit(page, new_shop.link, **WORDS_OF_ANNA)
    assert page.path == "/setup/payments"
    page = await anna.submit(page, "/setup/payments")
    assert page.path == "/setup/emails" and "no money moves" in page.words
    assert page.form("/setup/emails").given["mail_from"] == "Northline Books <anna@northline.example>"
    page = await anna.submit(page, "/setup/emails")
    assert page.path == "/staff" and "Your shop is open" in page.words
    known = shop_settings.current()
    assert (known.shop_name, known.currency, known.locale) == ("Northline Books", "GBP", "en_GB")
    assert (known.time_zone, known.club_name, known.trade) == ("Europe/London", "the Northline Books Club", "books")
    rates = (await delivery_terms.current()).taxes.in_force(clock.now())
    assert {(rate.country, rate.rate_bp) for rate in rates} == {("GB", 2000), ("GB", 500)}
    assert len(await page_editing.all_pages()) == 7
    assert {one.name for one in await plan_benefits.all_benefits()} == {"10% off everything", "Members’ articles"}
    guest = new_shop.browser()
    assert (await guest.get("/")).status == 200
    shelf = await guest.get("/products")
    assert "Nothing here yet" in shelf.words and "filters" not in shelf.words and "Sort by" not in shelf.words
    stock = await anna.get("/staff/products")
    assert "No products yet" in stock.words and "/staff/imports" in stock.links() and "search" not in stock.words
    assert "No products found" in (await anna.get("/staff/products?q=rain")).words


async def test_a_shop_of_another_country_begins_with_its_own_values(new_shop: NewShop) -> None:
    anna, page = await new_shop.begun(shop_name="Grenzgang", country="US", region="CA", trade="clothes")
    known = shop_settings.current()
    assert (known.currency, known.prices_include_tax, known.weight_unit) == ("USD", "no", "lb")
    assert (known.tax_region, known.time_zone) == ("CA", "America/Los_Angeles")
    page = await anna.get("/setup/shop")
    given = {"shop_name": "Grenzgang", "country": "US", "region": "CA", "trade": "clothes"}
    assert page.form("/setup/shop").given == given
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        page = await anna.submit(page, "/setup/shop", country="DE")
    page = await anna.submit(page, "/setup/payments", way="practice")
    await anna.submit(page, "/setup/emails")
    known = shop_settings.current()
    assert (known.currency, known.locale, known.time_zone) == ("EUR", "de_DE", "Europe/Berlin")
    assert (known.shop_language, known.club_name) == ("de", "Grenzgang Club")
    assert known.shop_tagline == "Willkommen bei Grenzgang"
    assert {one.name for one in await plan_benefits.all_benefits()} == {"10 % Rabatt auf alles", "Zwei Tage früher"}
    home = await new_shop.browser().get("/")
    assert home.tree.get("lang") == "de-DE" and home.headers["content-language"] == "de-DE"
    assert "Warenkorb" in home.words and "Basket" not in home.words
    assert (known.prices_include_tax, known.tax_region, known.weight_unit) == ("yes", "", "kg")
    rates = (await delivery_terms.current()).taxes.in_force(clock.now())
    assert {(rate.country, rate.rate_bp) for rate in rates} == {("DE", 1900), ("DE", 700)}


async def test_where_in_a_country_is_asked_only_where_something_follows_from_it(new_shop: NewShop) -> None:
    """Without JavaScript the page comes back with what the country needs; with it, the part alone."""
    anna = new_shop.browser()
    page = await anna.get(new_shop.link)
    assert "State or province" not in page.words and "Time zone" not in page.words
    page = await anna.submit(page, new_shop.link, **WORDS_OF_ANNA | {"country": "US"})
    assert page.status == 422 and "Choose the state or province of your shop." in page.alerts()
    assert "California" in page.words and "Your sales tax and time zone follow from it." in page.words
    assert "Armed Forces" not in page.words, "no shop is there"
    for country, words in (("RU", "Vladivostok"), ("AU", "Tasmania"), ("KZ", "Almaty"), ("GB", "")):
        part = await anna.post_for_part(f"{new_shop.link}/place", WORDS_OF_ANNA | {"country": country})
        asked = "Time zone" in part.words or "State or province" in part.words
        assert asked is bool(words) and words in part.words and "Your name" not in part.words, country
    wrong = await anna.submit(page, new_shop.link, **WORDS_OF_ANNA | {"country": "US", "region": "ON"})
    assert wrong.status == 422 and not await operators.all_operators()
    moscow = {"country": "RU", "time_zone": "Asia/Vladivostok", "region": "CA"}
    page = await anna.submit(page, new_shop.link, **WORDS_OF_ANNA | moscow)
    known = shop_settings.current()
    assert page.path == "/setup/payments" and (known.time_zone, known.tax_region) == ("Asia/Vladivostok", "")
    part = await anna.post_for_part("/setup/shop/place", {"country": "CA"})
    assert "Saskatchewan" in part.words and "Your tax and time zone follow from it." in part.words


async def test_what_was_typed_is_kept_and_what_is_wrong_is_said_at_its_field(new_shop: NewShop) -> None:
    anna = new_shop.browser()
    page = await anna.get(new_shop.link)
    assert page.form(new_shop.link).given["country"] == ""
    wrong = WORDS_OF_ANNA | {"email": "anna", "country": "", "password": "password"}
    page = await anna.submit(page, new_shop.link, **wrong)
    assert page.status == 422 and "Enter an e-mail address" in page.words and "Choose an option" in page.words
    given = page.form(new_shop.link).given
    assert (given["shop_name"], given["email"], given["trade"]) == ("Northline Books", "anna", "books")
    page = await anna.submit(page, new_shop.link, **WORDS_OF_ANNA | {"password": "northline"})
    assert page.status == 422 and not await operators.all_operators(), "a weak password uses nothing up"
    page = await anna.submit(page, new_shop.link, **WORDS_OF_ANNA)
    assert page.path == "/setup/payments"


async def test_the_link_works_once_and_whoever_has_it_later_gets_nowhere(new_shop: NewShop) -> None:
    anna, _ = await new_shop.begun()
    other = new_shop.browser()
    looked = await other.get(new_shop.link)
    assert looked.status == 410 and "has been used" in looked.words
    tried = await other.post(new_shop.link, WORDS_OF_ANNA | {"email": "mallory@example.org"})
    assert tried.status == 410
    assert [one.email for one in await operators.all_operators()] == ["anna@northline.example"]
    again = await anna.post(new_shop.link, WORDS_OF_ANNA)
    assert again.path == "/setup/payments", "her second tab goes on where she is"
    for path in ("/setup", "/setup/shop", "/setup/payments", "/setup/emails"):
        assert (await other.get(path)).path.startswith("/sign-in"), path
        assert (await other.post(path)).status in (401, 405), path


async def test_two_at_the_same_moment_make_one_owner(new_shop: NewShop) -> None:
    answers = [WORDS_OF_ANNA | {"email": f"{one}@northline.example"} for one in "ab"]
    pages = await asyncio.gather(*(new_shop.browser().post(new_shop.link, one) for one in answers))
    assert sorted(page.status for page in pages) == [200, 410]
    assert len(await operators.all_operators()) == 1


async def test_a_link_expires_a_newer_one_replaces_it_and_guessing_is_limited(new_shop: NewShop) -> None:
    guest, later = new_shop.browser(), clock.now() + setup_links.LASTS
    newer = await new_link()
    assert (await guest.get(new_shop.link)).status == 410 and (await guest.get(newer)).status == 200
    with clock.frozen(later - timedelta(seconds=1)):
        assert (await guest.get(newer)).status == 200
    with clock.frozen(later):
        assert (await guest.get(newer)).status == 410
    (digest,) = await database.fetch_values("SELECT link_digest FROM shop_setup")
    assert newer.rsplit("/", 1)[-1].encode() not in bytes(digest) and len(digest) == 32
    statuses = [(await guest.get(f"/setup/link/guess-{n}")).status for n in range(24)]
    assert statuses[0] == 410 and statuses[-1] == 429
    refused = await guest.client.post(newer, data=WORDS_OF_ANNA)
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0


async def test_it_is_gone_on_with_later_by_its_owner_and_by_nobody_else(new_shop: NewShop) -> None:
    await new_shop.begun()
    anna = new_shop.browser()
    page = await anna.get("/setup")
    assert page.path == "/sign-in?next=%2Fsetup"
    page = await anna.submit(page, "/sign-in", email=WORDS_OF_ANNA["email"], password=WORDS_OF_ANNA["password"])
    assert page.path == "/setup/payments"
    assert "Go on with the set-up" in (await anna.get("/")).words
    assert (await anna.get("/staff/orders")).path == "/setup/payments"
    await people.owner("second@northline.example")
    second = new_shop.browser()
    await second.post("/sign-in", {"email": "second@northline.example", "password": people.PASSWORD})
    assert (await second.get("/setup/payments")).status == 403
    assert (await second.post("/setup/emails", {"mail_from": "M <m@example.org>"})).status == 403
    page = await anna.submit(page, "/setup/payments", way="practice")
    assert (await anna.get("/setup")).path == "/setup/emails"


async def test_it_cannot_be_opened_before_every_question_has_an_answer(new_shop: NewShop) -> None:
    anna, _ = await new_shop.begun()
    page = await anna.post("/setup/emails", {"mail_from": "Northline <hello@northline.example>"})
    assert page.path == "/setup/payments" and setup_state.current().is_closed
    (owner,) = await operators.all_operators()
    with pytest.raises(SetupIncomplete):
        await shop_setup.open_shop(by=owner.person_id)


async def test_once_open_the_set_up_is_over_for_everybody(new_shop: NewShop) -> None:
    anna = await new_shop.opened()
    pages = len(await page_editing.all_pages())
    for path in ("/setup", "/setup/shop", "/setup/payments", "/setup/emails", new_shop.link):
        for browser in (anna, new_shop.browser()):
            page = await browser.get(path)
            assert page.status == 410 and "set up already" in page.words, path
    for path in ("/setup/shop", "/setup/payments", "/setup/emails", new_shop.link):
        assert (await anna.post(path, WORDS_OF_ANNA | {"way": "practice", "mail_from": "x@y.example"})).status == 410
    with pytest.raises(setup_links.NothingToSetUp):
        await setup_links.issue()
    (owner,) = await operators.all_operators()
    await shop_setup.open_shop(by=owner.person_id)
    assert len(await page_editing.all_pages()) == pages and len(await plan_benefits.all_benefits()) == 2


async def test_a_shop_that_has_something_is_never_asked(shop: Shop) -> None:
    await people.owner()
    await shop_setup.begin_when_empty()
    assert not setup_state.current().is_closed and (await shop.browser().get("/")).status == 200
    assert (await shop.browser().get("/setup/link/anything")).status == 410


async def test_a_shop_with_products_is_never_asked(shop: Shop) -> None:
    await make_products.product()
    await shop_setup.begin_when_empty()
    assert not setup_state.current().is_closed


async def test_whoever_uses_commands_opens_it_without_questions(new_shop: NewShop) -> None:
    with pytest.raises(NoOwner):
        await shop_setup.skip()
    await people.owner()
    await shop_setup.skip()
    assert (await new_shop.browser().get("/")).status == 200
    assert (await new_shop.browser().get(new_shop.link)).status == 410


GERMAN = {"accept-language": "de-DE,de;q=0.9,en;q=0.5"}


async def test_the_questions_are_asked_in_the_language_of_the_browser(new_shop: NewShop) -> None:
    anna = new_shop.browser()
    anna.client.headers["accept-language"] = GERMAN["accept-language"]
    page = await anna.get(new_shop.link)
    assert page.tree.get("lang", "").startswith("de") and "Ihren Shop einrichten" in page.words
    assert page.form(new_shop.link).given["country"] == "DE" and "Was verkaufen Sie?" in page.words
    assert "Kleidung, Schuhe und Accessoires" in page.words and "Deutschland" in page.words
    refused = await anna.submit(page, new_shop.link, **WORDS_OF_ANNA | {"shop_name": "", "password": "x"})
    assert refused.status == 422 and "Name des Shops“ ist ein Pflichtfeld" in refused.words, refused.alerts()
    page = await anna.submit(page, new_shop.link, **WORDS_OF_ANNA | {"country": "DE"})
    assert page.path == "/setup/payments" and "Erst üben: Es fließt kein Geld" in page.words
    wrong = await anna.submit(page, "/setup/payments", way="stripe", key="pk_test_1")
    assert wrong.status == 422 and "Das ist ein veröffentlichbarer Schlüssel." in wrong.words
    page = await anna.submit(page, "/setup/payments", way="practice")
    assert "Es fließt kein Geld, und Sie können alles ausprobieren." in page.words and "Shop öffnen" in page.words
    tried = await anna.submit(page, "/setup/emails", test="yes")
    assert "Es ist kein Mailserver eingerichtet" in tried.words
    assert "Das ist kein" not in tried.words and "Name und Adresse, zum Beispiel Mein Shop" in tried.words
    staff = await anna.submit(page, "/setup/emails")
    assert staff.path == "/staff" and "Ihr Shop ist geöffnet." in staff.words
    assert "Get ready to sell" in staff.words, "the staff area is in English"


@pytest.mark.parametrize("languages", ["en-GB,de;q=0.5", "", "xx,yy", "fr-FR,fr;q=0.9"])
async def test_other_browsers_are_asked_in_english(new_shop: NewShop, languages: str) -> None:
    anna = new_shop.browser()
    page = await anna.get(new_shop.link, headers={"accept-language": languages})
    assert page.tree.get("lang", "").startswith("en") and "What do you sell?" in page.words


async def test_who_was_not_told_apart_by_the_browser_goes_on_in_the_language_of_the_country(new_shop: NewShop) -> None:
    _anna, page = await new_shop.begun(country="AT")
    assert page.path == "/setup/payments" and "Stripe jetzt verbinden" in page.words


def test_what_is_said_of_a_password_is_what_is_asked_of_one() -> None:
    assert str(passwords.SHORTEST) in AT_LEAST


async def test_the_two_sentences_about_kept_e_mails_are_two(new_shop: NewShop) -> None:
    anna, page = await new_shop.begun(country="DE")
    page = await anna.submit(page, "/setup/payments", way="practice")
    assert "unter „E-mails“. Sobald der Shop" in " ".join(page.words.split()), page.words
