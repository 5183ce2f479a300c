"""What a file changes of a product that is here: found out from what was read of it, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products.variants import VariantSummary
from components.catalog.views import PictureView
from components.product_files.applying.products_here import ProductHere
from components.product_files.applying.variant_pairs import paired
from components.product_files.parsed_products import ParsedPicture, ParsedProduct, ParsedVariant
from components.product_files.picture_links import path_of

SAID_BY_FILES = ("title", "description", "vendor", "kind", "tags", "option_names", "status")
"""What a file may decide about a product that is here already; whatever else staff have written stays."""
CountsBefore = Mapping[UUID, int]
"""What the last imported file said of each variant's stock."""


@dataclass(frozen=True, slots=True)
class VariantPlan:
    """A variant of the file and the one here, if there is one: its `details` and stock, unless they stay as they
    are."""

    wanted: ParsedVariant
    row: VariantSummary | None
    position: int
    details: VariantDetails | None
    on_hand: int | None

    @property
    def is_empty(self) -> bool:
        return self.row is not None and self.details is None and self.on_hand is None


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """`withdrawn` are variants that the file has and does not sell; of `pictures` those without a view are new."""

    wanted: ParsedProduct
    here: ProductHere
    details: ProductDetails
    variants: tuple[VariantPlan, ...]
    withdrawn: tuple[tuple[ParsedVariant, VariantSummary], ...]
    pictures: tuple[tuple[ParsedPicture, PictureView | None], ...]

    @property
    def is_empty(self) -> bool:
        is_same = self.details == self.here.details and not self.withdrawn and not self.pictures
        return is_same and all(one.is_empty for one in self.variants)


Pairs = Mapping[int, VariantSummary]


def pairs(wanted: ParsedProduct, here: ProductHere) -> Pairs:
    """The variant here for each line."""
    return paired((*wanted.variants, *wanted.withheld), here.variants)


def counted_otherwise(wanted: ParsedProduct, found: Pairs) -> list[UUID]:
    """The variants of which the file has another stock than there is."""
    rows = ((one, found.get(one.line.number)) for one in wanted.variants if "on_hand" in one.given)
    return [row.id for one, row in rows if row and one.details.on_hand != row.details.on_hand]


def plan(wanted: ParsedProduct, here: ProductHere, found: Pairs, before: CountsBefore) -> ProductPlan:
    is_whole = len(wanted.variants) >= sum(row.is_offered for row in here.variants)
    known = {each.path: each for each in here.pictures}
    known |= {here.addresses[each.id]: each for each in here.pictures if each.id in here.addresses}
    named = [(picture, known.get(path_of(picture.address))) for picture in wanted.pictures]
    off = [(one, found.get(one.line.number)) for one in wanted.withheld]
    return ProductPlan(
        wanted,
        here,
        _details(wanted, here.details),
        tuple(
            _variant(one, found.get(one.line.number), place if is_whole else None, before)
            for place, one in enumerate(wanted.variants)
        ),
        tuple((one, row) for one, row in off if row is not None and row.is_offered),
        tuple((one, view) for one, view in named if view is None or one.alt not in ("", view.alt)),
    )


def is_priced(wanted: ParsedProduct) -> bool:
    return all("price" in variant.given for variant in wanted.variants)


def _details(wanted: ParsedProduct, kept: ProductDetails) -> ProductDetails:
    said = {name: getattr(wanted.details, name) for name in SAID_BY_FILES if name in wanted.given}
    if kept.status == "draft" and said.get("status") == "active" and not is_priced(wanted):
        del said["status"]  # a file without prices puts nothing on sale
    shelves = {slug for slug, _ in wanted.collections}
    if shelves <= {*kept.collections} and all(getattr(kept, name) == value for name, value in said.items()):
        return kept
    return replace(kept, **said, collections=tuple(sorted({*shelves, *kept.collections})))


def _variant(one: ParsedVariant, row: VariantSummary | None, place: int | None, before: CountsBefore) -> VariantPlan:
    if row is None:
        return VariantPlan(one, None, 0, None, None)
    position = row.position if place is None else place
    details = said_of(one, row.details)
    is_same = details == row.details and position == row.position and row.is_offered
    # Stock changes after an import: only a quantity that changed in the file itself is applied.
    counted = one.details.on_hand
    is_counted = "on_hand" in one.given and counted not in (before.get(row.id), row.details.on_hand)
    return VariantPlan(one, row, position, None if is_same else details, counted if is_counted else None)


def said_of(wanted: ParsedVariant, here: VariantDetails) -> VariantDetails:
    """What is here, with what the file says of it; an empty cost or tax category says nothing."""
    said = {name: getattr(wanted.details, name) for name in wanted.given if name != "on_hand"}
    if said.get("cost") is None:
        said.pop("cost", None)
    if wanted.details.tax_category:
        said["tax_category"] = wanted.details.tax_category
    if all(getattr(here, name) == value for name, value in said.items()):
        return here
    details = replace(here, **said)
    # Its title is the name of its options, unless staff gave it another one.
    is_named_by_options = here.title == " / ".join(here.options)
    return replace(details, title=" / ".join(details.options)) if is_named_by_options else details
