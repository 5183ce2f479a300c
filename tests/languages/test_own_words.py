"""Own catalogues, written by hand: whatever is in them, no page fails for it, and the owner is told."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from components.foundation import clock, formatting, settings
from components.foundation.languages import catalogues, gathering, language
from components.foundation.languages.words import _, n_
from components.foundation.operations import own_templates
from components.foundation.operations.own_templates import OwnTemplate
from components.foundation.shop_settings import setting_rows
from tests.support import make_products, people
from tests.support.shops import Shop
from web import templating

PAGES = ("/", "/products", "/products/moon-mug", "/basket", "/search?q=moon", "/journal", "/sign-in", "/nowhere")
UNSAYABLE = ("%(nobody)s", "100 % sure", "%s", "%d of %(nobody)s", "%", "%(")
NO_PATTERN = ("QQQQQQQQQ yyyy ''", "{", "ZZZZZZZ")
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset={charset}\\n"\n"Plural-Forms: {plural}\\n"\n\n'
BASKET = 'msgid "Basket"\nmsgstr "Panier"\n'
UNREADABLE = {
    "no such letters": (HEAD.format(charset="klingon", plural="nplurals=2; plural=(n != 1);") + BASKET).encode(),
    "other letters": HEAD.format(charset="utf-8", plural="nplurals=2; plural=(n != 1);").encode() + b'msgid "\xff\xfe"',
    "no plural": (HEAD.format(charset="utf-8", plural="nplurals=2; plural=n/0;") + BASKET).encode(),
    "no number": (HEAD.format(charset="utf-8", plural="nplurals=many; plural=;") + BASKET).encode(),
    "no catalogue": b"\x00\x01 pottery",
}


@pytest.fixture
def folder() -> Iterator[Path]:
    found = settings.current().data / "templates" / "languages"
    found.mkdir(parents=True, exist_ok=True)
    catalogues.forget()
    yield found
    for path in found.glob("*.po"):
        path.unlink()
    catalogues.forget()
    own_templates._troubles.clear()
    own_templates._Read.version += 1


def every_message_unsayable(path: Path, code: str) -> None:
    wrong, catalog = cycle(UNSAYABLE), Catalog(locale=code, charset="utf-8")
    for place, message in enumerate(gathering.said()):
        if message.id:
            words = NO_PATTERN[place % len(NO_PATTERN)] if message.context == "date" else next(wrong)
            forms = (words,) * catalog.num_plurals
            catalog.add(message.id, forms if message.pluralizable else words, context=message.context)
    with path.open("wb") as file:
        write_po(file, catalog)


async def test_a_page_is_said_in_other_words_where_own_ones_cannot_be_said(goods: Shop, folder: Path) -> None:
    await make_products.product("Moon mug", on_hand=5)
    await people.owner()
    for code in ("de", "fr"):
        every_message_unsayable(folder / f"{code}.po", code)
    await setting_rows.change({"shop_languages": "de fr"}, by=None)
    for code, foot in (("de", "Ausverkauft"), ("fr", "Sold out")):
        guest = goods.browser()
        for path in PAGES:
            page = await guest.get(f"/{code}{path}")
            assert page.status == (404 if path == "/nowhere" else 200), (code, path)
            assert page.tree.get("lang", "").startswith(code) and "nobody" not in page.text, (code, path)
        with language.speaking(code):
            assert _("Sold out") == foot
            assert "2027" in formatting.day(clock.now()) and "12:00" in formatting.moment(clock.now())
    templating.check_own()
    iris = await goods.signed_in("iris@kiln.test")
    told = await iris.get("/staff/settings/templates")
    assert "languages/fr.po" in told.words and catalogues.PASSED_OVER in told.words


@pytest.mark.parametrize("why", UNREADABLE)
async def test_a_file_that_cannot_be_read_leaves_the_shop_in_english(goods: Shop, folder: Path, why: str) -> None:
    (folder / "fr.po").write_bytes(UNREADABLE[why])
    await setting_rows.change({"shop_languages": "fr"}, by=None)
    page = await goods.browser().get("/fr/basket")
    assert (page.status, page.tree.get("lang", "")[:2]) == (200, "fr") and "basket" in page.words.lower()
    assert "cannot be read" in catalogues.troubles()["languages/fr.po"]


def test_what_can_be_said_is(folder: Path) -> None:
    written = HEAD.format(charset="utf-8", plural="nplurals=2; plural=(n > 1);") + BASKET + (
        'msgid "%(num)s item"\nmsgid_plural "%(num)s items"\nmsgstr[0] "un article"\nmsgstr[1] "%(num)s articles"\n\n'
        'msgctxt "date"\nmsgid "d MMMM y"\nmsgstr "d MMMM y G"\n'
    )  # fmt: skip
    (folder / "fr.po").write_text(written)
    assert catalogues.troubles() == {}
    assert own_templates.all_own() == (OwnTemplate("languages/fr.po", True, ""),)
    with language.speaking("fr"):
        assert (_("Basket"), n_("%(num)s item", "%(num)s items", 2)) == ("Panier", "2 articles")
        assert n_("%(num)s item", "%(num)s items", 0) == "un article"
