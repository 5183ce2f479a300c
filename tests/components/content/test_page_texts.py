"""Pages begun by country: whatever the shop knows is filled in, whatever it does not is named as a gap."""

from itertools import product

import pytest

from components.checkout import page_values
from components.content import markdown
from components.content.pages import page_editing, page_placeholders, published_pages, starter_pages
from components.content.pages.page_editing import PageAddressTaken, PageDraft, UnknownPlaceholder
from components.content.site import site_content
from components.content.tables import Page, PageVersion
from components.foundation import database
from components.foundation.languages import language
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import setting_rules, shop_settings
from tests.support.cells import every_cell

KNOWN = {name: f"<{name} & *co*>" for name in page_placeholders.WORDS}
GOES = ("Fill in: ", "Ausfüllen: ")
CONSENT_AND_COUNTS = {
    "de": ("nur wenn Sie zustimmen", "über den Link in jeder dieser E-Mails", "Wie oft eine Seite an einem Tag"),
    "en": ("only if you agree", "by the link in each of them", "How often a page was looked at"),
}
"""What the checkout asks and what is counted at first is said by every first text about data."""
MUST_SAY = {
    ("imprint", "de"): ("§ 5 DDG", "Vertreten durch"),
    ("returns", "de"): (
        "vierzehn Tagen",
        "Muster-Widerrufsformular",
        "{shop address}/withdraw",
        "ab dem Tag des Vertragsab",
    ),
    ("privacy", "de"): ("DSGVO", "Aufsichtsbehörde", *CONSENT_AND_COUNTS["de"]),
    ("terms", "de"): ("VSBG", "zum Ende des bezahlten Zeitraums", "mit einer Frist von einem Monat", "erstatten wir"),
    ("imprint", "at"): ("§ 5 ECG", "§ 25 MedienG", "Vertreten durch"),
    ("returns", "at"): (
        "vierzehn Tagen",
        "§ 18 FAGG",
        "Muster-Widerrufsformular",
        "{shop address}/withdraw",
        "ab dem Tag des Vertragsab",
    ),
    ("privacy", "at"): ("DSGVO", "dsb.gv.at", "TKG", *CONSENT_AND_COUNTS["de"]),
    ("terms", "at"): ("§ 19 AStG", "KSchG", "§ 6 Abs. 1 Z 27 UStG"),
    ("returns", "gb"): ("Consumer Contracts Regulations 2013", "Model cancellation form", "Consumer Rights Act 2015"),
    ("privacy", "gb"): ("UK GDPR", "ico.org.uk", *CONSENT_AND_COUNTS["en"]),
    ("privacy", "eu"): CONSENT_AND_COUNTS["en"],
    ("privacy", "other"): CONSENT_AND_COUNTS["en"],
    ("returns", "eu"): ("14 days", "Model withdrawal form", "two years", "{shop address}/withdraw", "joined"),
    ("privacy", "us"): ("CCPA", "We do not sell your personal information", "Do Not Track", *CONSENT_AND_COUNTS["en"]),
    ("terms", "us"): ("automatically", "cancel"),
}
LAWS_OF_GERMANY = (" BGB", "DDG", "VSBG", "TDDDG", "MStV", "§ 19 UStG")


def test_every_text_of_every_country_fills_its_placeholders_and_names_its_gaps() -> None:
    seen = set()
    for region, _ in starter_pages.REGIONS:
        for kind, spoken in product(starter_pages.KINDS, ("en", "de")):
            draft = starter_pages.draft(kind, region, spoken)
            cell = f"{kind} {region} {spoken}"
            assert page_placeholders.unknown(draft.body + draft.summary + draft.title) == (), cell
            assert draft.title and draft.slug and draft.summary and draft.kind == kind, cell
            filled = page_placeholders.fill(draft.body, KNOWN)
            assert filled.missing == () and all(gap.startswith(GOES) for gap in filled.gaps), cell
            assert draft.body.count("[[") == draft.body.count("]]") >= len(filled.gaps), cell
            html = markdown.html(filled.markdown)
            assert "{" not in html and "[[" not in html and "<co" not in html and "&lt;" in html, cell
            bare = page_placeholders.fill(draft.body, {})
            optional = {name for name in page_placeholders.used(draft.body) if f"{{{name}}}" not in draft.body}
            assert set(bare.missing) == set(page_placeholders.used(draft.body)) - optional, cell
            assert "membership prices" not in bare.missing, "a shop without a membership has terms too"
            for words in MUST_SAY.get((kind, region), ()):
                assert words in draft.body, (cell, words)
            for words in LAWS_OF_GERMANY if region == "at" else ():
                assert words not in draft.body, (cell, words)
            seen.add((kind, draft.body))
    assert len(seen) == 30, "a text of its own for each country where the law differs"


def test_a_page_without_a_law_of_its_own_is_in_the_shop_s_language_wherever_it_is() -> None:
    for region, _ in starter_pages.REGIONS:
        titles = [starter_pages.draft("about", region, spoken).title for spoken in ("en", "de", "fr")]
        assert titles == ["About us", "Über uns", "About us"], region


def test_every_country_has_a_region() -> None:
    regions = {code: starter_pages.region_of(code) for code in sorted(setting_rules.COUNTRIES)}
    assert set(regions.values()) == {region for region, _ in starter_pages.REGIONS}
    assert [regions[code] for code in ("GB", "DE", "AT", "CH", "FR", "IE", "US", "JP")] == [
        "gb", "de", "at", "other", "eu", "eu", "us", "other",
    ]  # fmt: skip


@every_cell(
    ("text", "values", "shown"),
    [
        ("At {company name}.", {"company name": "A [b](/x) *c*"}, r"At A \[b\](/x) \*c\*."),
        ("At {company name}.", {}, "At **(The name of the person"),
        ("A\nTel: {phone?}\nB", {}, "A  \nB"),
        ("A\nTel: {phone?}\nB", {"phone": "1"}, "A  \nTel: 1  \nB"),
        ("- a\n- b", {}, "- a\n- b"),
        ("{nothing such}", {}, "{nothing such}"),
        ("[[Fill in: x]]", {}, "**(Fill in: x)**"),
        ("{delivery prices}", {"delivery prices": "| a |"}, "| a |"),
    ],
)
def test_a_placeholder_is_filled_dropped_or_named(text: str, values: dict[str, str], shown: str) -> None:
    assert page_placeholders.fill(text, values).markdown.startswith(shown)


async def test_the_shop_knows_a_value_for_every_placeholder(db: None) -> None:
    values = await page_values.values()
    assert values.keys() == page_placeholders.WORDS.keys()
    assert values["e-mail"] == "hello@kiln.test" and values["return days"] == "30"
    with_address = shop_settings.current().changed({"company_email": "shop@northline.test"})
    assert page_values.contact_address(with_address) == "shop@northline.test"
    shop_settings.use(with_address.changed({"country": "AT", "shop_language": "de", "locale": "de_AT"}))
    with language.speaking("en"):
        read = await page_values.values()
    assert read["country"] == "Österreich", "in the language of the page, whoever reads it"


async def test_pages_are_begun_once_unpublished_and_never_over_ones_own(db: None) -> None:
    await page_editing.create(PageDraft(slug="agb", title="My terms", body="Mine", kind="terms"), by=None)
    begun = await starter_pages.begin("DE", by=None)
    assert begun.known == ("terms",) and "impressum" in begun.created and len(begun.created) == 6
    assert (await page_editing.by_slug("agb")).body == "Mine"
    assert (await starter_pages.begin("DE", by=None)).created == ()
    assert site_content.current().pages == ()
    with pytest.raises(NotFound):
        await published_pages.by_slug("impressum")


async def test_each_save_is_a_version_that_is_kept(db: None) -> None:
    page_id = await page_editing.create(PageDraft(slug="terms", title="Terms", body="One"), by=None, publish=True)
    assert await page_editing.update(page_id, PageDraft(slug="terms", title="Terms", body="One"), by=None) == 1
    assert await page_editing.update(page_id, PageDraft(slug="terms", title="Terms", body="Two"), by=None) == 2
    assert [(one.number, one.body) for one in await page_editing.versions(page_id)] == [(2, "Two"), (1, "One")]
    assert (await published_pages.by_slug("terms")).version == 2
    with pytest.raises(Exception, match="only ever added"):
        await database.execute("UPDATE page_version SET body = 'Three'")
    with pytest.raises(PageAddressTaken):
        await page_editing.create(PageDraft(slug="terms", title="Other", body=""), by=None)
    with pytest.raises(UnknownPlaceholder, match="no such thing"):
        await page_editing.update(page_id, PageDraft(slug="terms", title="T", body="{no such thing}"), by=None)
    assert await Page.count() == 1 and await PageVersion.count() == 2


async def test_a_page_that_goes_out_as_plain_text_has_no_mark_of_markdown_in_it() -> None:
    draft = starter_pages.draft("returns", "de", "de")
    filled = page_placeholders.fill(
        draft.body, {**KNOWN, "shop address": "https://shop.example", "company name": "A & B"}
    )
    text = await markdown.prepared_plain(filled.markdown)
    assert "Hiermit widerrufe(n) ich/wir (*) den" in text and "https://shop.example/withdraw ausüben" in text
    assert "An A & B, " in text
    assert not any(line.startswith(("#", ">", "\\")) or "(\\*)" in line or "&amp;" in line for line in text.split("\n"))
    assert "<p>An A &amp; B" in await markdown.prepared(filled.markdown)
