"""What a shop may sell, and the first values that follow from it: the tax category of new products, and benefits that
suit it. Pure. Nothing here is offered to customers until the owner puts it into a plan."""

from dataclasses import dataclass

from components.foundation.languages.words import N_
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.opening.usual_categories import EATEN, PRINTED
from components.pricing.tax import STANDARD


@dataclass(frozen=True, slots=True)
class Trade:
    """`types` are examples of its product types, `benefits` names of what kinds of benefits offer a new shop."""

    name: str
    types: str
    benefits: tuple[str, ...]
    tax: dict[str, str]


OFF, ARTICLES = N_("10% off everything"), N_("Members’ articles")
ONE_DAY, TWO_DAYS, THREE_DAYS = N_("One day early"), N_("Two days early"), N_("Three days early")
OTHER = Trade(N_("Something else"), "“Gift” or “Accessory”", (OFF, ARTICLES), {})
TRADES: dict[str, Trade] = {
    "clothes": Trade(N_("Clothes, shoes and accessories"), "“T-shirt” or “Jacket”", (OFF, TWO_DAYS), {}),
    "books": Trade(N_("Books and stationery"), "“Novel” or “Notebook”", (OFF, ARTICLES), PRINTED),
    "food": Trade(N_("Food and drink"), "“Coffee” or “Chocolate”", (OFF, ONE_DAY), EATEN),
    "home": Trade(N_("Home, kitchen and garden"), "“Lamp” or “Cushion”", (OFF, TWO_DAYS), {}),
    "beauty": Trade(N_("Beauty and health"), "“Soap” or “Cream”", (N_("15% off everything"), ONE_DAY), {}),
    "sport": Trade(N_("Sport, outdoors and toys"), "“Tent” or “Puzzle”", (OFF, THREE_DAYS), {}),
    "art": Trade(N_("Art, crafts and jewellery"), "“Print” or “Ring”", (OFF, THREE_DAYS), {}),
    "other": OTHER,
}
"""By the value of the setting `trade`."""


def of(shop: ShopSettings) -> Trade:
    """The shop's; something else while it has not said."""
    return TRADES.get(shop.trade, OTHER)


def tax_category(shop: ShopSettings) -> str:
    """Of new products, until staff choose another."""
    return of(shop).tax.get(shop.country, STANDARD)
