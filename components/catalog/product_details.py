"""Product data as entered by staff, an import or the demo: plain values, checked before they become rows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from components.catalog.catalog_refusals import BadDetail, OptionsTaken, WrongOptions
from components.catalog.tables import Product, Variant
from components.catalog.views import ProductFields

STATUSES = ("draft", "active", "archived")
LONGEST_TITLE = 255
MOST_MONEY = 10**12
MOST_OPTIONS = 3


@dataclass(frozen=True, kw_only=True)
class ProductDetails(ProductFields):
    """`collections` are slugs of existing collections."""

    status: str = "active"
    collections: tuple[str, ...] = ()

    def check(self) -> None:
        if not self.title.strip():
            raise BadDetail("A product needs a title.")
        if max(map(len, (self.title, self.vendor, self.kind))) > LONGEST_TITLE:
            raise BadDetail(f"Title, brand and product type can have at most {LONGEST_TITLE} characters.")
        if self.status not in STATUSES:
            raise BadDetail(f"The status must be {', '.join(STATUSES[:-1])} or {STATUSES[-1]}, not “{self.status}”.")
        if len(self.option_names) > MOST_OPTIONS:
            raise BadDetail(f"A product can have at most {MOST_OPTIONS} options.")
        if len(set(self.option_names)) < len(self.option_names) or not all(self.option_names):
            raise BadDetail("Every option needs its own name.")


@dataclass(frozen=True, kw_only=True)
class VariantDetails:
    """Prices in minor units, weight in grams. `on_hand` is the opening stock of a new variant; ignored for an existing
    one.

    `cost` is what one unit costs the shop, before tax; None when unknown.
    """

    price: int
    title: str = ""
    sku: str | None = None
    options: tuple[str, ...] = ()
    cost: int | None = None
    compare_at: int | None = None
    sale_price: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    barcode: str = ""
    weight_grams: int = 0
    is_taxable: bool = True
    tax_category: str = "standard"
    needs_delivery: bool = True
    tracks_stock: bool = True
    sells_when_out: bool = False
    on_hand: int = 0

    def check(self) -> None:
        amounts = {"price": self.price, "cost": self.cost, "compare-at price": self.compare_at, "sale": self.sale_price}
        for name, amount in amounts.items():
            if amount is not None and not 0 <= amount < MOST_MONEY:
                raise BadDetail(f"The {name} can’t be negative or that large.")
        if self.weight_grams < 0 or self.weight_grams >= 2**31:
            raise BadDetail("The weight can’t be negative or that large.")
        if not -(2**31) < self.on_hand < 2**31 or (self.on_hand < 0 and self.tracks_stock and not self.sells_when_out):
            raise BadDetail("The stock can’t be negative or that large.")
        if self.sale_from is not None and self.sale_until is not None and self.sale_from >= self.sale_until:
            raise BadDetail("A sale must end after it starts.")
        if max(len(self.sku or ""), len(self.barcode), len(self.title), *map(len, self.options), 0) > LONGEST_TITLE:
            raise BadDetail(f"SKU, barcode and options can have at most {LONGEST_TITLE} characters.")

    @property
    def name(self) -> str:
        return self.title or " / ".join(self.options)


def check_dates_and_prices(product: ProductDetails, variants: tuple[VariantDetails, ...]) -> None:
    """Every variant has one value per option, and no two have the same values."""
    product.check()
    seen = set()
    for variant in variants:
        variant.check()
        if len(variant.options) != len(product.option_names):
            raise WrongOptions
        if variant.options in seen:
            raise OptionsTaken(variant.options)
        seen.add(variant.options)


T = TypeVar("T", ProductDetails, VariantDetails)


def as_columns(details: ProductDetails | VariantDetails, *, without: tuple[str, ...]) -> dict[str, Any]:
    """The values by column, as stored in a row."""
    names = (field.name for field in fields(details) if field.name not in without)
    return {name: _column_value(getattr(details, name)) for name in names}


def _column_value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def from_row(kind: type[T], row: Mapping[str, Any]) -> T:
    """The values of a row."""
    found = {field.name: row[field.name] for field in fields(kind)}
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in found.items()}
    return kind(**values)


def differences(row: Product | Variant, wanted: dict[str, Any]) -> dict[str, Any]:
    """The wanted values that differ from the row."""
    return {name: value for name, value in wanted.items() if getattr(row, name) != value}
