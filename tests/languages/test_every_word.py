"""The whole shop and an account in a language made up for this: whatever still reads like English is not translated."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
from babel import Locale

from components.checkout import page_values
from components.foundation import database, settings
from components.foundation.languages import catalogues
from components.foundation.shop_settings import setting_rows
from tests.languages import pseudo
from tests.support import demos, site_map
from tests.support.pages import Browser, Page

PEOPLE = (("", "/", "/"), ("maya@kiln.test", "/account", "/account"), ("theo@kiln.test", "/account", "/account"))
NOT_READ = re.compile(
    r"\.(xml|txt|json|csv|webp|zip)$|^/(pictures|static|health|metrics|offline-payments|hooks|staff|api)\b"
)
ENGLISH = re.compile(r"(?<![^\W\d_])[A-Za-z]{2,}(?:[ ’'-]+[A-Za-z]{2,}(?![^\W\d_]))*(?![^\W\d_])")
"""Words that follow each other without a letter of another alphabet."""
ADDRESSES = re.compile(r"\b[A-Z]{1,2}\d{1,2} \d[A-Z]{2}\b|\S+@\S+")
NAMES = ("kiln visa clubfront stripe mastercard usb touch id http https gbp dpd royal mail english esperanto",)
MOST = 120


async def written_by_the_shop() -> str:
    """Everything its owner, its customers and Babel say, and what is filled in to pages, in the language of those."""
    columns = await database.fetch_rows(
        "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c"
        " JOIN pg_tables t ON t.schemaname = 'public' AND t.tablename = c.table_name"
        " WHERE c.table_schema = 'public' AND c.data_type IN ('text', 'character varying', 'jsonb', 'json')"
        " AND c.table_name <> ALL ($1)",
        ["email", "announced_fact", "audit_entry", "procrastinate_jobs", "security_event"],
    )
    found = list(NAMES)
    for table, column in columns:
        found += await database.fetch_values(f'SELECT DISTINCT "{column}"::text FROM "{table}"')
    found += (await page_values.values()).values()
    names = Locale(pseudo.CODE)
    found += [*names.territories.values(), *names.months["format"]["wide"].values()]
    found += [*names.months["format"]["abbreviated"].values(), *names.days["format"]["wide"].values()]
    found += names.days["format"]["abbreviated"].values()
    return "|".join(_plain(each) for each in found if each)


def _plain(text: str) -> str:
    return " ".join(["", *re.findall(r"[^\W\d_]+", text.lower()), ""])


def english(page: Page, own: str) -> Iterable[str]:
    for element in page.tree.iter():
        if element.tag in {"script", "style", "template", "code", "pre"}:
            continue
        texts = [element.text or "", *(child.tail or "" for child in element)]
        texts += [element.get(name) or "" for name in ("alt", "title", "aria-label", "placeholder", "data-announce")]
        for text in texts:
            if any(_plain(piece[0]) not in own for piece in ENGLISH.finditer(ADDRESSES.sub("|", text))):
                yield " ".join(text.split())[:100]


async def read(browser: Browser, start: str, within: str, own: str) -> dict[str, set[str]]:
    """What is English on one page of each kind."""
    seen, waiting, found = set[str](), [start], dict[str, set[str]]()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        kind = site_map.kind_of(urlsplit(path).path)
        if kind is None or kind in seen or NOT_READ.search(urlsplit(path).path):
            continue
        seen.add(kind)
        page = await browser.get(path)
        if words := set(english(page, own)):
            found[path] = words
        waiting += [link for link in dict.fromkeys(page.links()) if link.startswith(within)]
    assert len(seen) > 5
    return found


@pytest.mark.usefixtures("db")
async def test_no_word_of_shop_or_account_stays_english() -> None:
    folder = settings.current().data / "templates" / "languages"
    try:
        async with demos.opened() as shop:
            pseudo.write(folder)
            await setting_rows.change({"shop_languages": pseudo.CODE}, by=None)
            own, found = await written_by_the_shop(), dict[str, set[str]]()
            for email, start, within in PEOPLE:
                browser = await shop.signed_in(email) if email else shop.browser()
                browser.client.cookies.set("language", pseudo.CODE)
                found |= await read(browser, start, within, own)
    finally:
        (folder / f"{pseudo.CODE}.po").unlink(missing_ok=True)
        catalogues.forget()
    assert not found, "\n".join(["", *(f"{path}: {sorted(words)}" for path, words in found.items())])
