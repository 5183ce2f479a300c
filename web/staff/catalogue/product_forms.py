"""What the staff fill in about a product and its variants."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from components.catalog.product_details import STATUSES, ProductDetails, VariantDetails
from components.catalog.products.admin_products import StoredCollection
from components.catalog.products.stored_products import StoredVariant
from web.forms.fields import Choice, LongText, Many, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole
from web.forms.times import Moment

Choices = Sequence[tuple[str, str]]
STATUS_WORDS = {"draft": "Draft: only staff see it", "active": "Active: on the shelves", "archived": "Archived"}
STATUS_CHOICES: Choices = tuple((status, STATUS_WORDS[status]) for status in STATUSES)
MOST_STOCK = 1_000_000
FIRST_YEAR = 2000


class ProductForm(Form):
    title = Text("Title", longest=255)
    description = LongText("Description", required=False, help="Markdown, or HTML from an import.", rows=8)
    vendor = Text("Maker", longest=255, required=False)
    kind = Text("Kind", longest=255, required=False, help="Mug, bowl, vase…")
    tags = Text("Tags", longest=1_000, required=False, help="Parted by commas.")
    option_names = Text("Options", longest=400, required=False, help="Up to three, parted by commas: Glaze, Size.")
    status = Choice("Status", STATUS_CHOICES)
    public_from = Moment("On sale from", required=False, help="Empty: at once. Members may have a head start.")
    members_only = Tick("For members only")
    position = Whole("Place in the shop’s order", most=1_000_000, help="Lower comes first.")
    collections = Many("Collections")

    def check_beginning(self, kept: datetime | None) -> None:
        """A beginning before there were shops like this is a slip of the hand, unless it stands so already."""
        typed = self.values.get("public_from")
        if typed is not None and typed.year < FIRST_YEAR and typed != kept:
            self.refuse("public_from", f"Choose a year from {FIRST_YEAR} on, or leave it empty.")

    def product_details(self) -> ProductDetails:
        return ProductDetails(
            title=self.title,
            description=self.description,
            vendor=self.vendor,
            kind=self.kind,
            tags=split_commas(self.tags),
            option_names=split_commas(self.option_names),
            status=self.status,
            public_from=self.public_from,
            members_only=self.members_only,
            position=self.position,
            collections=self.collections,
        )


class VariantForm(Form):
    """Given a field for each option by `variant_form`."""

    option_fields: tuple[str, ...] = ()

    sku = Text("SKU", longest=255, required=False)
    price = AmountField("Price")
    cost = AmountField("What one costs you", required=False, help="Before tax. Only staff see it; margins come of it.")
    compare_at = AmountField("Compare-at price", required=False, help="Struck out beside the price.")
    sale_price = AmountField("Sale price", required=False, help="Asked instead of the price between these two moments.")
    sale_from = Moment("Sale from", required=False)
    sale_until = Moment("Sale until", required=False)
    barcode = Text("Barcode", longest=255, required=False)
    weight_grams = Whole("Weight in grams", most=10_000_000)
    is_taxable = Tick("Tax is due on it")
    needs_delivery = Tick("It has to be delivered")
    tracks_stock = Tick("Count its stock")
    sells_when_out = Tick("May be bought when it is out of stock")
    on_hand = Whole("On hand now", most=MOST_STOCK, required=False)

    def check(self) -> None:
        sale_from, sale_until = self.values.get("sale_from"), self.values.get("sale_until")
        if sale_from and sale_until and sale_from >= sale_until:
            self.refuse("sale_until", "A sale ends after it begins.")

    def variant_details(self) -> VariantDetails:
        return VariantDetails(
            options=tuple(self.values[name] for name in self.option_fields),
            sku=self.sku or None,
            price=self.price,
            cost=self.cost,
            compare_at=self.compare_at,
            sale_price=self.sale_price,
            sale_from=self.sale_from,
            sale_until=self.sale_until,
            barcode=self.barcode,
            weight_grams=self.weight_grams,
            is_taxable=self.is_taxable,
            needs_delivery=self.needs_delivery,
            tracks_stock=self.tracks_stock,
            sells_when_out=self.sells_when_out,
            on_hand=self.on_hand or 0,
        )


class StoredVariantForm(VariantForm):
    """A variant of a product that is there: then it is known whether anybody may be early."""

    early_allotment = Whole(
        "Early pieces",
        most=MOST_STOCK,
        required=False,
        help="At most so many are sold before it opens to everybody; the rest waits. Empty: no limit.",
    )


class NewProductForm(ProductForm, VariantForm):
    """A product and the first thing sold as it."""

    option_values = Text("Their values", longest=400, required=False, help="Of the first variant: Moss, Large.")

    def check(self) -> None:
        VariantForm.check(self)
        names, values = split_commas(self.values["option_names"]), split_commas(self.values["option_values"])
        if len(names) != len(values):
            self.refuse("option_values", "Give one value for each option.")

    def first_variant(self) -> VariantDetails:
        return replace(self.variant_details(), options=split_commas(self.option_values))


class StockForm(Form):
    on_hand = Whole("On hand", most=MOST_STOCK)


@lru_cache(maxsize=200)
def variant_form(option_names: tuple[str, ...]) -> type[StoredVariantForm]:
    """The form of a variant of a product with these options."""
    fields: dict[str, Any] = {f"option{n}": Text(name, longest=255) for n, name in enumerate(option_names, start=1)}
    return type("VariantForm", (StoredVariantForm,), {**fields, "option_fields": tuple(fields)})


def form_values(option_names: tuple[str, ...], variant: StoredVariant) -> StoredVariantForm:
    """The form as it stands for an existing variant; its stock is counted by `StockForm`."""
    details = variant.details
    names = [name for name in VariantForm.declared if name != "on_hand"]
    values = {name: getattr(details, name) for name in names}
    options = (*details.options, *("",) * len(option_names))
    values |= {f"option{n}": options[n - 1] for n in range(1, len(option_names) + 1)}
    return variant_form(option_names).blank(early_allotment=variant.early_allotment, **values)


def variant_values(details: ProductDetails, choices: dict[str, Choices]) -> ProductForm:
    values = {name: getattr(details, name) for name in ProductForm.declared}
    values["tags"], values["option_names"] = ", ".join(details.tags), ", ".join(details.option_names)
    return ProductForm.blank(choices=choices, **values)


def collection_choices(collections: tuple[StoredCollection, ...]) -> dict[str, Choices]:
    return {"collections": tuple((each.slug, each.title) for each in collections)}


def split_commas(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
