"""A sentence that reads from right to left: values keep their own direction, amounts their sign and their currency."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from components.foundation import formatting, settings
from components.foundation.languages import catalogues, enumerations, language
from components.foundation.languages.words import _, n_
from components.foundation.money import Money
from components.messaging import rendering

FSI, PDI, LRM, RLM = "\u2068", "\u2069", "\u200e", "\u200f"
LINKED = 'New here? <a href="%(href)s">Create an account</a>. You can also order without one.'
SAID = {
    "Hello, %(name)s": "أهلا، %(name)s",
    LINKED: 'هنا <a href="%(href)s">ح</a>',
    ("%(num)s day", "%(num)s days"): ("%(num)s يوم",) * 6,
    "%(name)s, %(detail)s": "%(name)s، %(detail)s",
    "%(names)s and %(last)s": "%(names)s و%(last)s",
}


@pytest.fixture
def in_arabic() -> Iterator[None]:
    folder = settings.current().data / "templates" / "languages"
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "ar.po")
    catalogues.forget()
    with language.speaking("ar"):
        yield
    (folder / "ar.po").unlink()
    catalogues.forget()


def _write(path: Path) -> None:
    catalog = Catalog(locale="ar", charset="utf-8")
    for message, string in SAID.items():
        catalog.add(message, string)
    catalog.add(", ", "، ", context="between names")
    with path.open("wb") as file:
        write_po(file, catalog)


@pytest.mark.usefixtures("in_arabic")
def test_values_in_a_sentence_keep_their_direction_but_addresses_in_tags_are_as_they_are() -> None:
    assert _("Hello, %(name)s", name="Bowl (large).") == f"أهلا، {FSI}Bowl (large).{PDI}"
    assert n_("%(num)s day", "%(num)s days", 3) == f"{FSI}3{PDI} يوم"
    assert _(LINKED, href="/sign-up") == 'هنا <a href="/sign-up">ح</a>'
    assert language.isolated("Bowl") == f"{FSI}Bowl{PDI}"


@pytest.mark.usefixtures("in_arabic")
def test_a_minus_stays_before_its_digits_and_a_currency_is_not_turned_round() -> None:
    assert formatting.money(Money(1_250, "GBP")) == f"{RLM}12.50\xa0UK£{LRM}"
    assert formatting.money(Money(-1_250, "GBP")) == f"{RLM}{LRM}−12.50{RLM}\xa0UK£{LRM}"
    assert formatting.gain(Money(1_250, "EUR")) == f"{RLM}{LRM}+12.50{RLM}\xa0€"


@pytest.mark.usefixtures("in_arabic")
def test_commas_between_names_are_those_of_the_language() -> None:
    assert enumerations.with_detail("Club", "9") == f"{FSI}Club{PDI}، {FSI}9{PDI}"
    assert enumerations.all_of(["A", "B", "C"]) == f"{FSI}A، B{PDI} و{FSI}C{PDI}"


@pytest.mark.usefixtures("in_arabic", "db")
def test_an_e_mail_stands_on_the_right_with_its_logo_buttons_and_addresses_in_latin_letters() -> None:
    """Each paragraph takes its direction from its first letter, but its side from the e-mail."""
    said = {"name": "Noor", "email": "noor@kiln.test"}
    assert ".sheet { text-align: right; }" in rendering.render("email_changed", said)[0]
    with language.speaking("de"):
        assert ".sheet { text-align" not in rendering.render("email_changed", said)[0]


def test_nothing_is_added_where_a_language_reads_from_left_to_right() -> None:
    with language.speaking("de"):
        assert _("Hello, %(name)s", name="Mia") == "Hallo, Mia" and language.isolated("Mia") == "Mia"
        assert formatting.loss(Money(1_250, "EUR")) == formatting.money(Money(-1_250, "EUR")) == "−12,50\xa0€"
        assert formatting.gain(Money(1_250, "EUR")) == "+12,50\xa0€"
