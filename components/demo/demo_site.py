"""Kiln's icon, home page, pages and facts: the content of this one shop. Its colours are in `demo_settings`."""

import re
from datetime import datetime
from uuid import UUID

from components.brand import brand_changes, logos
from components.catalog.snapshot import snapshot_refresh
from components.content.pages import page_editing, starter_pages
from components.content.pages.page_editing import PageDraft
from components.content.site import home_editing
from components.demo.added import issued_invoices
from components.demo.demo_products import KILN
from components.foundation.shop_settings import setting_rows

ICON = KILN / "brand" / "icon.png"
COMPANY = {
    "company_name": "Kiln Stoneware Ltd",
    "company_street": "4 Mill Lane",
    "company_town": "Leeds LS1 4AB",
    "company_phone": "01632 960123",
    "company_people": "Iris Thorne",
}
ABOUT = """Kiln is a small workshop in Leeds. Iris throws every pot on the wheel, and the kiln is lit
about once a month.

## What you find here

Mugs, bowls, plates and vases for every day, in a handful of glazes made from wood ash. No two are quite the same.

## How to reach us

Questions are welcome at {e-mail} or with the [contact form]({contact page}).

This shop is a demonstration: nothing here can be bought.
"""
ANSWERS = (
    ("how long, such as one working day", "one working day"),
    ("time of day", "noon"),
    ("such as the same day", "the same day"),
    ("the address for returns", "4 Mill Lane, Leeds LS1 4AB"),
    ("who pays for sending goods back", "You pay for sending goods back."),
    ("what of this applies", "Commissioned pieces are made to order."),
    ("whether benefits used", "What you saved with its benefits is not taken off."),
    ("any further limit", ""),
    ("England and Wales", "England and Wales"),
    ("how long, usually six years", "six years"),
    ("usually six years", "six years"),
    ("names and countries", "in the United Kingdom"),
    ("names", "Royal Mail"),
    ("how long", "one year"),
    ("for each company outside", ""),
    ("your registration number", "this is a demonstration, and not registered"),
    ("for a company, the part", "A demonstration: this company does not exist."),
)
_GAP = re.compile(r"\[\[Fill in: ([^\]]+)\]\]")


async def show_icon(*, by: UUID) -> None:
    """The pot beside the name."""
    await brand_changes.save({"brand_icon": await logos.upload(ICON.read_bytes(), kind="icon", by=by)}, by=by)


async def furnish(today: datetime, *, by: UUID) -> None:
    """The facts, the pages and the home page, all published."""
    await setting_rows.change(COMPANY, by=by)
    await issued_invoices.begin(today, by=by)
    await starter_pages.begin("GB", by=by)
    for page in await page_editing.all_pages():
        body = ABOUT if page.kind == "about" else _GAP.sub(_answer, page.body)
        draft = PageDraft(slug=page.slug, title=page.title, summary=page.summary, kind=page.kind, body=body)
        await page_editing.update(page.id, draft, by=by)
        await page_editing.publish(page.id, by=by)
    for kind, settings in _sections():
        await home_editing.add(kind, settings, by=by)
    for first in home_editing.sections()[: len(home_editing.DEFAULTS)]:
        if first.id is not None:
            await home_editing.remove(first.id, by=by)


def _answer(found: re.Match[str]) -> str:
    return next((answer for start, answer in ANSWERS if found[1].startswith(start)), found[0])


def _sections() -> tuple[tuple[str, dict[str, object]], ...]:
    text = "Thrown by hand in small batches and glazed with wood ash. Made to be used until it has stories."
    hero = {"title": "Stoneware for every day", "text": text, "href": "/products?sort=new", "link": "Shop new arrivals"}
    said = {"words": "The mug I reach for every morning.", "who": "Noor, Bradford"}
    other = {"words": "Each one a little different, each one just right.", "who": "Theo, York"}
    return (
        ("hero", {**hero, **_picture("moon-jar")}),
        ("newest", {"title": "Out of the last firing"}),
        ("for_you", {"count": 4, "collection": "mugs-and-cups"}),
        ("collections", {}),
        ("journal", {}),
        ("quotes", {"title": "From the kitchen table", "quotes": [said, other]}),
        ("membership", {}),
    )


def _picture(slug: str) -> dict[str, object]:
    product = snapshot_refresh.snapshot().product(slug)
    if product is None or not product.pictures:
        return {}
    return {"picture": product.pictures[0].path, "picture_alt": product.pictures[0].alt}
