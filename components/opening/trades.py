"""What a shop may sell, and the first values that follow from it: the tax category of new products, and benefits that
suit it. Pure. Nothing here is offered to customers until the owner puts it into a plan."""

from dataclasses import dataclass
from typing import Any

from components.foundation.shop_settings.shop_settings import ShopSettings
from components.pricing.tax import STANDARD

ZERO, REDUCED = "zero", "reduced"
PRINTED = {"GB": ZERO, "IE": ZERO, "AT": REDUCED, "DE": REDUCED, "FR": REDUCED, "NL": REDUCED}
"""The usual rate of printed books by country; where none is named, the standard one."""
EATEN = {"GB": ZERO, "IE": ZERO, "AT": REDUCED, "DE": REDUCED, "FR": REDUCED, "NL": REDUCED}
"""The usual rate of most food."""


@dataclass(frozen=True, slots=True)
class StarterBenefit:
    """A benefit that is made for a new shop, in no plan yet."""

    kind: str
    name: str
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trade:
    """`types` are examples of its product types."""

    name: str
    types: str
    benefits: tuple[StarterBenefit, ...]
    tax: dict[str, str]


def _off(percent: int) -> StarterBenefit:
    answers = {"discount_type": "percent", "percent": percent * 100}
    return StarterBenefit("member_price", f"{percent}% off everything", answers)


def _early(hours: int) -> StarterBenefit:
    days = {24: "One day", 48: "Two days", 72: "Three days"}[hours]
    return StarterBenefit("early_access", f"{days} early", {"hours": hours, "most": 2})


ARTICLES = StarterBenefit("content", "Members’ articles", {})
OTHER = Trade("Something else", "“Gift” or “Accessory”", (_off(10), ARTICLES), {})
TRADES: dict[str, Trade] = {
    "clothes": Trade("Clothes, shoes and accessories", "“T-shirt” or “Jacket”", (_off(10), _early(48)), {}),
    "books": Trade("Books and stationery", "“Novel” or “Notebook”", (_off(10), ARTICLES), PRINTED),
    "food": Trade("Food and drink", "“Coffee” or “Chocolate”", (_off(10), _early(24)), EATEN),
    "home": Trade("Home, kitchen and garden", "“Lamp” or “Cushion”", (_off(10), _early(48)), {}),
    "beauty": Trade("Beauty and health", "“Soap” or “Cream”", (_off(15), _early(24)), {}),
    "sport": Trade("Sport, outdoors and toys", "“Tent” or “Puzzle”", (_off(10), _early(72)), {}),
    "art": Trade("Art, crafts and jewellery", "“Print” or “Ring”", (_off(10), _early(72)), {}),
    "other": OTHER,
}
"""By the value of the setting `trade`."""


def of(shop: ShopSettings) -> Trade:
    """The shop's; something else while it has not said."""
    return TRADES.get(shop.trade, OTHER)


def tax_category(shop: ShopSettings) -> str:
    """Of new products, until staff choose another."""
    return of(shop).tax.get(shop.country, STANDARD)
