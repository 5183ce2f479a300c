"""A variant's entry in the merchant feed, with a guest's price and a member's price.

The names are those of Google's product data specification, which other merchants' programs read too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from components.catalog.views import ProductView, Sale, VariantView
from components.catalog.visibility import Availability, PurchaseStatus
from components.foundation.formatting import plain
from components.foundation.shop_settings import shop_settings
from components.pricing import domestic_tax
from components.pricing.prices import VisitorAndMemberPrice
from web.shop import line_pictures, public_urls
from web.shop.products import descriptions
from web.shop.viewer import Viewer

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_ID = 150, 4_900, 50
_UNREADABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML documents must not contain."""


_WITHOUT_TAX = frozenset({"US", "CA", "IN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """Amounts as "12.50 GBP". `price` is before a sale, `sale_price` during one; `tier` is the club's plan."""

    id: str
    group: str
    title: str
    description: str
    link: str
    picture: str
    availability: str
    opens_at: str
    price: str
    sale_price: str
    sale_dates: str
    member_price: str
    member_dates: str
    tier: str
    brand: str
    gtin: str
    kind: str


def entry_for(product: ProductView, viewer: Viewer, *, tier: str) -> Iterator[FeedEntry]:
    """An entry for each variant that this viewer, a guest, can see."""
    for variant in product.variants:
        seen = viewer.standing_of(product, variant)
        if seen.is_visible:
            yield _entry(product, variant, seen, viewer.prices(variant), viewer.at, tier=tier)


def _entry(
    product: ProductView,
    variant: VariantView,
    seen: Availability,
    price: VisitorAndMemberPrice,
    at: datetime,
    *,
    tier: str,
) -> FeedEntry:
    title = _readable(" ".join((product.title, *variant.options)))[:LONGEST_TITLE]
    picture, member = line_pictures.chosen(product, variant), price.club.rule
    return FeedEntry(
        id=_id(variant),
        group=str(product.id),
        title=title,
        description=_readable(descriptions.plain(product.description, LONGEST_DESCRIPTION)) or title,
        link=public_urls.of_variant(product, variant),
        picture=public_urls.of_picture(picture) if picture else "",
        availability=_availability(variant, seen),
        opens_at=seen.opens_at.isoformat() if seen.why is PurchaseStatus.NOT_YET and seen.opens_at else "",
        price=_shown(variant, price.now if price.was is None else price.was),
        sale_price=_shown(variant, price.now) if price.was is not None else "",
        sale_dates=_sale_dates(product, variant, price, at),
        member_price=_shown(variant, price.member) if price.shows_both else "",
        member_dates=_dates(member.from_at, member.until_at, product) if price.shows_both and member else "",
        tier=tier,
        brand=_readable(product.vendor) or shop_settings.current().shop_name,
        gtin=variant.barcode if is_gtin(variant.barcode) else "",
        kind=_readable(product.kind),
    )


def _shown(variant: VariantView, price: int) -> str:
    """Google wants tax in the price, except in the United States, Canada and India."""
    tax = domestic_tax.at_home()
    if tax.inclusive or shop_settings.current().country in _WITHOUT_TAX:
        return _amount(price)
    return _amount(price + tax.on(variant.taxed_as, price))


def is_gtin(barcode: str) -> bool:
    """Whether it is a trade number of 8, 12, 13 or 14 digits with the correct check digit (GS1)."""
    if len(barcode) not in (8, 12, 13, 14) or not (barcode.isascii() and barcode.isdigit()):
        return False
    weighed = sum(int(figure) * (3 if place % 2 else 1) for place, figure in enumerate(reversed(barcode)))
    return weighed % 10 == 0


def _id(variant: VariantView) -> str:
    """Its SKU, unless another variant had it first."""
    sku = _readable(variant.sku or "").strip()
    return sku if 0 < len(sku) <= LONGEST_ID and not variant.shares_sku else str(variant.id)


def _availability(variant: VariantView, seen: Availability) -> str:
    """A members-only variant is out of stock for the feed's readers."""
    if seen.why is PurchaseStatus.NOT_YET:
        return "preorder"
    return "in_stock" if seen.is_buyable and variant.is_in_stock else "out_of_stock"


def _sale_dates(product: ProductView, variant: VariantView, price: VisitorAndMemberPrice, at: datetime) -> str:
    on: Sale | None = next((sale for sale in variant.sales if sale.is_on(at) and sale.price == price.now), None)
    return _dates(on.from_at, on.until, product) if on and price.was is not None else ""


def _dates(begins: datetime | None, ends: datetime | None, product: ProductView) -> str:
    """From and until; without an end no dates are needed, and without a beginning it began with the product."""
    if ends is None:
        return ""
    return f"{(begins or product.created_at).isoformat(timespec='seconds')}/{ends.isoformat(timespec='seconds')}"


def _amount(minor: int) -> str:
    return f"{plain(minor)} {shop_settings.current().currency}"


def _readable(text: str) -> str:
    return _UNREADABLE.sub("", text)
