"""The forms of a product and its variants."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from components.catalog.product_details import STATUSES, ProductDetails, VariantDetails
from components.catalog.products.admin_products import StoredCollection
from components.catalog.products.stored_products import StoredVariant
from components.checkout.delivery import delivery_terms
from components.checkout.taxes import tax_rates
from components.foundation import clock
from components.foundation.formatting import percent
from components.foundation.shop_settings import shop_settings
from components.opening import trades
from components.pricing.tax import STANDARD
from web.forms.fields import Choice, LongText, Many, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole
from web.forms.times import Moment
from web.forms.weights import ItemWeight

Choices = Sequence[tuple[str, str]]
STATUS_WORDS = {"draft": "Draft: only visible to staff", "active": "Active: shown in the shop", "archived": "Archived"}
STATUS_CHOICES: Choices = tuple((status, STATUS_WORDS[status]) for status in STATUSES)
MOST_STOCK = 1_000_000
FIRST_YEAR = 2000
PLACED = frozenset({
    "title", "description", "vendor", "kind", "tags", "option_names", "status", "public_from", "members_only",
    "position", "collections",
})  # fmt: skip


class ProductTypeField(Text):
    """With examples that suit what the shop sells."""

    @property
    def wants(self) -> str:  # type: ignore[override]
        return f"For example {trades.of(shop_settings.current()).types}."


class ProductForm(Form):
    """A field is named as in `ProductDetails`: that alone takes it there and back."""

    is_shared = True
    title = Text("Title", longest=255)
    description = LongText("Description", required=False, help="Markdown, or HTML from an import.", rows=8)
    vendor = Text("Brand", longest=255, required=False)
    kind = ProductTypeField("Product type", longest=255, required=False)
    tags = Text("Tags", longest=1_000, required=False, help="Comma-separated.")
    option_names = Text("Options", longest=400, required=False, help="Up to three, comma-separated: Size, Colour.")
    status = Choice("Status", STATUS_CHOICES)
    public_from = Moment(
        "On sale from", required=False, help="Leave empty for immediately. Members may get early access."
    )
    members_only = Tick("Members only")
    position = Whole("Sort order in the shop", most=1_000_000, help="Lower numbers come first.")
    collections = Many("Collections")

    def check_beginning(self, kept: datetime | None) -> None:
        """Refuses years that can only be a typing mistake, unless the date is already stored."""
        typed = self.values.get("public_from")
        if typed is not None and typed.year < FIRST_YEAR and typed != kept:
            self.refuse("public_from", f"Choose a date in {FIRST_YEAR} or later, or leave it empty.")

    def product_details(self) -> ProductDetails:
        values = {name: getattr(self, name) for name in ProductForm.declared}
        values |= {"tags": split_commas(self.tags), "option_names": split_commas(self.option_names)}
        return ProductDetails(**values)

    @property
    def more_fields(self) -> tuple[str, ...]:
        """Fields of a product that the page has no place of their own for."""
        return tuple(name for name in ProductForm.declared if name not in PLACED)


class VariantForm(Form):
    """Given a field for each option by `variant_form`."""

    option_fields: tuple[str, ...] = ()

    sku = Text("SKU", longest=255, required=False)
    price = AmountField("Price")
    cost = AmountField(
        "Cost per item", required=False, help="Before tax. Only visible to staff; used to calculate margins."
    )
    compare_at = AmountField("Compare-at price", required=False, help="Shown crossed out next to the price.")
    sale_price = AmountField("Sale price", required=False, help="Replaces the price between these two dates.")
    sale_from = Moment("Sale starts", required=False)
    sale_until = Moment("Sale ends", required=False)
    barcode = Text("Barcode", longest=255, required=False)
    weight_grams = ItemWeight("Weight")
    is_taxable = Tick("Charge tax")
    tax_category = Choice("Tax rate", required=False, help="Which of the rates under Settings, Tax it has.")
    needs_delivery = Tick("Needs delivery")
    tracks_stock = Tick("Track stock")
    sells_when_out = Tick("Continue selling when out of stock")
    on_hand = Whole(
        "On hand now", most=MOST_STOCK, required=False,
        help="Empty is none: it is shown as sold out. To sell without counting, untick “Track stock”.",
    )  # fmt: skip

    def check(self) -> None:
        sale_from, sale_until = self.values.get("sale_from"), self.values.get("sale_until")
        if sale_from and sale_until and sale_from >= sale_until:
            self.refuse("sale_until", "The sale must end after it starts.")

    def variant_details(self) -> VariantDetails:
        values = {name: getattr(self, name) for name in VariantForm.declared}
        options = tuple(self.values[name] for name in self.option_fields)
        values |= {"options": options, "sku": self.sku or None, "on_hand": self.on_hand or 0}
        return VariantDetails(**values | {"tax_category": self.tax_category or STANDARD})


class StoredVariantForm(VariantForm):
    """A variant of an existing product, which may have early access."""

    is_shared = True
    early_allotment = Whole(
        "Early-access quantity",
        most=MOST_STOCK,
        required=False,
        help="The most that can be sold before general sale starts. Leave empty for no limit.",
    )


class NewProductForm(ProductForm, VariantForm):
    """A product and its first variant."""

    option_values = Text("Option values", longest=400, required=False, help="Of the first variant: Large, Blue.")

    def check(self) -> None:
        VariantForm.check(self)
        names, values = split_commas(self.values["option_names"]), split_commas(self.values["option_values"])
        if len(names) != len(values):
            self.refuse("option_values", "Enter one value for each option.")

    def first_variant(self) -> VariantDetails:
        return replace(self.variant_details(), options=split_commas(self.option_values))


class StockForm(Form):
    on_hand = Whole("On hand", most=MOST_STOCK)


@lru_cache(maxsize=200)
def variant_form(option_names: tuple[str, ...]) -> type[StoredVariantForm]:
    """The form of a variant of a product with these options."""
    fields: dict[str, Any] = {f"option{n}": Text(name, longest=255) for n, name in enumerate(option_names, start=1)}
    return type("VariantForm", (StoredVariantForm,), {**fields, "option_fields": tuple(fields)})


async def tax_choices(kept: str = STANDARD) -> dict[str, Choices]:
    """The shop's categories with their rates at home, and the one a variant has already: a file may have named one that
    is not set up yet."""
    names, rates = await tax_rates.category_names(), await _rates_at_home()
    said = {slug: f"{name} ({rates[slug]})" if slug in rates else name for slug, name in names.items()}
    return {"tax_category": tuple({kept: kept, **said}.items())}


async def _rates_at_home() -> dict[str, str]:
    """Of each category that has one of its own in the shop's country."""
    country, terms = shop_settings.current().country, await delivery_terms.current()
    rates = terms.taxes.in_force(clock.now())
    return {one.category: percent(one.rate_bp) for one in rates if one.country == country and not one.region}


def variant_form_values(
    option_names: tuple[str, ...], variant: StoredVariant, choices: dict[str, Choices]
) -> StoredVariantForm:
    """The form filled in for an existing variant; its stock is set by `StockForm`."""
    details = variant.details
    names = [name for name in VariantForm.declared if name != "on_hand"]
    values = {name: getattr(details, name) for name in names}
    options = (*details.options, *("",) * len(option_names))
    values |= {f"option{n}": options[n - 1] for n in range(1, len(option_names) + 1)}
    return variant_form(option_names).blank(choices=choices, early_allotment=variant.early_allotment, **values)


def product_form_values(details: ProductDetails, choices: dict[str, Choices]) -> ProductForm:
    values = {name: getattr(details, name) for name in ProductForm.declared}
    values["tags"], values["option_names"] = ", ".join(details.tags), ", ".join(details.option_names)
    offered = {slug for slug, _ in choices["collections"]}
    values["collections"] = tuple(slug for slug in details.collections if slug in offered)
    return ProductForm.blank(choices=choices, **values)


def collection_choices(collections: tuple[StoredCollection, ...]) -> dict[str, Choices]:
    """Those that fill themselves are not for ticking."""
    return {"collections": tuple((each.slug, each.title) for each in collections if not each.is_ruled)}


async def new_product_choices(collections: tuple[StoredCollection, ...]) -> dict[str, Choices]:
    return collection_choices(collections) | await tax_choices()


def usual_tax_category() -> str:
    """Of what the shop sells, in its country: where a new product begins."""
    return trades.tax_category(shop_settings.current())


def split_commas(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
