"""What a new product of a file is in words, for whoever looks at a file before it is brought in."""

from components.catalog.product_details import VariantDetails
from components.foundation.formatting import money
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.product_files.applying.apply_plans import is_priced
from components.product_files.parsed_products import ParsedProduct

MOST_VALUES = 6
_SHOWN = {"active": "shown in the shop at once", "draft": "draft", "archived": "archived"}


def said(wanted: ParsedProduct) -> str:
    """Price, options, stock, pictures, and whether everybody sees it at once."""
    sold = [one.details for one in wanted.variants]
    is_sold = bool(sold) and is_priced(wanted)
    shown = _SHOWN[wanted.details.status if is_sold else "draft"]
    if shown == _SHOWN["active"] and wanted.details.public_from:
        shown = "shown in the shop from its date on"
    parts = (_price(sold) if is_sold else "no price", *_options(wanted), _stock(sold), _pictures(wanted), shown)
    return "; ".join(part for part in parts if part)


def _price(sold: list[VariantDetails]) -> str:
    currency = shop_settings.current().currency
    least, most = min(one.price for one in sold), max(one.price for one in sold)
    if least == most:
        return money(Money(least, currency))
    return f"{money(Money(least, currency))} to {money(Money(most, currency))}"


def _options(wanted: ParsedProduct) -> list[str]:
    told = []
    for place, name in enumerate(wanted.details.option_names):
        values = list(
            dict.fromkeys(one.details.options[place] for one in wanted.variants if one.details.options[place:])
        )
        more = f" and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else ""
        told.append(f"{name}: {', '.join(values[:MOST_VALUES])}{more}")
    return told


def _stock(sold: list[VariantDetails]) -> str:
    counted = [one.on_hand for one in sold if one.tracks_stock]
    if sold and not counted:
        return "stock not counted"
    return f"{sum(counted)} in stock" if sold else ""


def _pictures(wanted: ParsedProduct) -> str:
    count = len(wanted.pictures)
    return "no pictures" if not count else "1 picture" if count == 1 else f"{count} pictures"
