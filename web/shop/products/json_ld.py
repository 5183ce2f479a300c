"""JSON-LD for programs that read the page: the product with this visitor's price."""

from typing import Any

from markupsafe import Markup

from components.catalog import visibility
from components.catalog.pictures import pictures
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Availability, PurchaseStatus
from components.foundation import json, settings
from components.foundation.formatting import plain
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.shop_settings import shop_settings
from components.pricing.prices import VisitorAndMemberPrice


def product(
    product: ProductView,
    variant: VariantView,
    price: VisitorAndMemberPrice,
    seen: Availability,
    *,
    address: str,
    summary: str,
) -> Markup:
    base = settings.current().base_url
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.title,
        "url": address,
        "offers": _offer(variant, price, seen, address),
    }
    if summary:
        said["description"] = summary
    if variant.sku:
        said["sku"] = variant.sku
    if product.vendor:
        said["brand"] = {"@type": "Brand", "name": product.vendor}
    if found := product.pictures_here:
        said["image"] = [base + pictures.address(picture, pictures.widths(picture)[-1]) for picture in found]
    return as_script(said)


def _offer(variant: VariantView, price: VisitorAndMemberPrice, seen: Availability, address: str) -> dict[str, Any]:
    offer: dict[str, Any] = {
        "@type": "Offer",
        "url": address,
        "price": plain(price.now),
        "priceCurrency": shop_settings.current().currency,
        "availability": f"https://schema.org/{_availability(variant, seen)}",
    }
    if variant.members_only:
        offer["validForMemberTier"] = _member_tier()
    if seen.why is PurchaseStatus.NOT_YET and seen.opens_at is not None:
        offer["availabilityStarts"] = seen.opens_at.isoformat()
    if beside := [*_without_tax(price), *_beside(price), *_for_members(price)]:
        offer["priceSpecification"] = beside
    return offer


def _without_tax(price: VisitorAndMemberPrice) -> list[dict[str, Any]]:
    """For a shop whose prices have no tax in them: the price, saying so."""
    if shop_settings.current().prices_include_tax == "yes":
        return []
    said = {"price": plain(price.now), "priceCurrency": shop_settings.current().currency}
    return [{"@type": "UnitPriceSpecification", **said, "valueAddedTaxIncluded": False}]


def _beside(price: VisitorAndMemberPrice) -> list[dict[str, Any]]:
    """The other prices on the page: the one struck out, and the lowest of the 30 days before a sale."""
    named = (
        (price.was, {"priceType": "https://schema.org/StrikethroughPrice"}),
        (price.lowest_before, {"description": _("Lowest price in the last 30 days")}),
    )
    currency = shop_settings.current().currency
    return [
        {"@type": "UnitPriceSpecification", "price": plain(amount), "priceCurrency": currency, **more}
        for amount, more in named
        if price.was is not None and amount is not None and not price.is_yours
    ]


def _for_members(price: VisitorAndMemberPrice) -> list[dict[str, Any]]:
    """A member's price, where the page states it to a non-member."""
    if not price.shows_both or price.is_yours:
        return []
    return [
        {
            "@type": "UnitPriceSpecification",
            "price": plain(price.member),
            "priceCurrency": shop_settings.current().currency,
            "validForMemberTier": _member_tier(),
        }
    ]


def _member_tier() -> dict[str, Any]:
    return {"@type": "MemberProgramTier", "@id": _tier(), "name": shop_settings.current().club_name}


def _tier() -> str:
    return f"{settings.current().base_url}/join#members"


def club() -> Markup:
    """The membership programme whose members have their own prices."""
    shop, base = shop_settings.current(), settings.current().base_url
    club_page = f"{base}{language.prefix()}/join"
    tier = {
        "@type": "MemberProgramTier",
        "@id": _tier(),
        "name": shop.club_name,
        "hasTierBenefit": ["https://schema.org/TierBenefitLoyaltyPrice"],
        "url": club_page,
    }
    programme = {"@type": "MemberProgram", "name": shop.club_name, "url": club_page, "hasTiers": [tier]}
    return as_script(
        {
            "@context": "https://schema.org",
            "@type": "OnlineStore",
            "name": shop.shop_name,
            "url": base,
            "hasMemberProgram": programme,
        }
    )


def _availability(variant: VariantView, seen: Availability) -> str:
    if seen.why is PurchaseStatus.MEMBERS_ONLY:
        return "LimitedAvailability"
    if not seen.is_buyable:
        return "PreOrder"
    return "OutOfStock" if visibility.available(variant, seen) == 0 else "InStock"


def as_script(said: dict[str, Any]) -> Markup:
    """A data block that cannot end its own script element, whatever it contains."""
    text = json.dump(said).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(f'<script type="application/ld+json">{text}</script>')
