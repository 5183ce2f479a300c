"""The payment page speaks the buyer's language, with money and days as they are written there."""

import re
from pathlib import Path

from tests.support.pages import Browser
from tests.web.standin.desk import Desk
from tests.web.standin.test_pages import FILLED, browser, path
from web.standin.charging import test_cards as cards_of
from web.standin.pages import page_words, rendering

__all__ = ["browser"]
PAGES = ("pay", "challenge", "closed", "layout")
SAID = re.compile(r"""\bt\(\s*"([^"]+)\"""")


def test_every_word_of_the_payment_page_is_translated() -> None:
    folder = rendering.ROOT / "templates" / "standin"
    said = {words for name in PAGES for words in SAID.findall((folder / f"{name}.html").read_text())}
    cards = [*cards_of.CARDS, *cards_of.BANK_ACCOUNTS]
    said |= {card.words for card in cards} | {card.message for card in cards if card.message}
    said |= {f"{word} {unit}" for word in ("per", "every") for unit in ("day", "week", "month", "year")}
    said |= set(re.findall(r'errors\["\w+"\] = "([^"]+)"', Path(page_words.__file__).with_name("pay.py").read_text()))
    assert len(said) > 50 and said - page_words.GERMAN.keys() == set()
    for name in PAGES[:3]:
        html = re.sub(r"{[%{#].*?[%}#]}|<[^>]*>", " ", (folder / f"{name}.html").read_text(), flags=re.DOTALL)
        html = html.replace("page--wide", "")
        assert not re.search("[A-Za-z]{3}", html), (name, html)


async def test_in_german_with_german_money_and_named_for_what_it_does(desk: Desk, browser: Browser) -> None:
    session = await desk.session((await desk.price(900), 1), (123450, 1), locale="de")
    page = await browser.get(path(session))
    assert 'lang="de"' in page.text and page.heading.replace("\xa0", " ") == "1.243,50 £"
    words = page.words.replace("\xa0", " ")
    for said in ("jetzt zu zahlen", "9,00 £ im Monat", "Zahlen und abonnieren", "Kartennummer",
                 "Oder mit einer Testkarte", "Abgelehnt: Karte abgelaufen", "Es wird nichts wirklich"):  # fmt: skip
        assert said in words, words
    assert not re.search(r"\b(the|card|pay|your|month|back)\b", page.words, re.IGNORECASE), page.words
    declined = await browser.post(path(session), {**FILLED, "number": "4000000000000002", "expiry": "1", "cvc": "123"})
    assert "Geben Sie Monat und Jahr ein, zum Beispiel 12 / 34." in declined.words
    declined = await browser.post(
        path(session), {**FILLED, "number": "4000000000000002", "expiry": "1234", "cvc": "123"}
    )
    assert declined.alerts() == "Ihre Karte wurde abgelehnt."


async def test_a_trial_in_german_says_from_which_day(desk: Desk, browser: Browser) -> None:
    session = await desk.session((await desk.price(500), 1), subscription_data={"trial_period_days": 14}, locale="de")
    page = await browser.get(path(session))
    assert page.heading == "14 Tage kostenlos" and re.search(r"Danach 5,00 £ im Monat ab dem \d+\. [A-Z]", page.words)


async def test_who_pays_is_named_and_only_what_renews_alone_is_subscribed_to(desk: Desk, browser: Browser) -> None:
    customer = await desk.v1.customers.create_async({"email": "maya@kiln.test", "name": "Maya"})
    price = await desk.price(500)
    both = await browser.get(path(await desk.session((price, 1), (2500, 1), customer=customer.id)))
    assert "Paying as maya@kiln.test" in both.words and "Pay and subscribe" in both.words
    alone = await browser.get(path(await desk.session((price, 1), customer=customer.id)))
    assert "Pay and subscribe" not in alone.words and "Subscribe" in alone.words
