"""Applies a file to the catalogue, one product at a time, with the same functions the staff area uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from components.catalog.pictures import picture_fetches, pictures
from components.catalog.product_details import ProductDetails
from components.catalog.products import admin_products, collections, products, stored_products, variants
from components.catalog.products.collections import CollectionDetails
from components.catalog.products.products import Placement
from components.catalog.products.variants import VariantSummary
from components.catalog.stock import stock
from components.foundation import text
from components.product_files.parsed_products import ParsedCollection, ParsedPicture, ParsedProduct, ParsedVariant
from components.product_files.picture_links import path_of
from components.product_files.tax_classes import complete

SAID_BY_FILES = ("title", "description", "vendor", "kind", "tags", "option_names", "status")
"""What a file decides about a product that is here already; whatever else staff have written stays."""


@dataclass(slots=True)
class AppliedProduct:
    """The result for one product of the file. `changed` has the numbers of the lines that changed anything."""

    product_id: UUID
    variant_ids: dict[int, UUID]
    is_new: bool
    changed: set[int] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)


async def apply_product(
    wanted: ParsedProduct, *, known: UUID | None, stock_before: Mapping[str, int], by: UUID | None
) -> AppliedProduct:
    """Create the product, or change what differs. `stock_before` is the stock in the last import, by variant."""
    for slug, title in wanted.collections:
        await collections.get_or_create(title, slug=slug, by=by)
    details = replace(wanted.details, collections=tuple(slug for slug, _ in wanted.collections))
    if known is None:
        placed = await _create(wanted, details, by)
    else:
        placed = await _change(wanted, details, known, stock_before, by)
    await _bring_pictures(wanted, placed)
    return placed


async def _create(wanted: ParsedProduct, details: ProductDetails, by: UUID | None) -> AppliedProduct:
    taken = await products.id_of(wanted.slug)
    sold_as = [complete(variant.details) for variant in wanted.variants]
    product_id = await products.create(details, sold_as, slug="" if taken else wanted.slug, by=by)
    here = await variants.of_product(product_id)
    ids = {variant.line.number: one.id for variant, one in zip(wanted.variants, here, strict=True)}
    return AppliedProduct(product_id, ids, is_new=True, changed={line.number for line in wanted.lines})


async def _change(
    wanted: ParsedProduct,
    details: ProductDetails,
    product_id: UUID,
    stock_before: Mapping[str, int],
    by: UUID | None,
) -> AppliedProduct:
    here = await products.placement(product_id)
    kept = await stored_products.details(product_id)
    details = replace(
        kept,
        **{name: getattr(details, name) for name in SAID_BY_FILES},
        collections=tuple(sorted({*details.collections, *await collections.of(product_id)})),
    )
    placed = AppliedProduct(product_id, {}, is_new=False)
    placed.fields.update(await products.revise(product_id, replace(details, status=_meanwhile(here, wanted)), by=by))
    rows = await variants.of_product(product_id)
    for position, variant in enumerate(wanted.variants):
        changed = await _change_variant(variant, position, product_id, rows, placed, stock_before, by)
        if changed:
            placed.changed.add(variant.line.number)
            placed.fields.update(changed)
    fields = await products.revise(product_id, details, by=by)
    placed.fields.update(fields)
    if placed.fields - {"variants", "stock"} and not placed.changed:
        placed.changed.add(wanted.lines[0].number)
    return placed


def _meanwhile(here: Placement, wanted: ParsedProduct) -> str:
    """A product without variants can only become active once they are created."""
    return here.status if wanted.details.status == "active" else wanted.details.status


async def _change_variant(
    wanted: ParsedVariant,
    position: int,
    product_id: UUID,
    rows: Sequence[VariantSummary],
    placed: AppliedProduct,
    stock_before: Mapping[str, int],
    by: UUID | None,
) -> set[str]:
    row = _same(wanted, rows)
    if row is None:
        placed.variant_ids[wanted.line.number] = await variants.add(product_id, complete(wanted.details), by=by)
        return {"variants"}
    placed.variant_ids[wanted.line.number] = row.id
    # Most files have no costs: a missing cost does not delete the stored one.
    cost = row.cost if wanted.details.cost is None else wanted.details.cost
    category = wanted.details.tax_category or row.tax_category
    details = replace(wanted.details, cost=cost, tax_category=category)
    changed = set(await variants.revise(row.id, details, position=position, by=by))
    # Stock changes after an import: only a quantity that changed in the file itself is applied.
    counted = wanted.details.on_hand
    if counted not in (stock_before.get(wanted.key), row.on_hand):
        await stock.set_on_hand(row.id, to=counted, by=by)
        changed.add("stock")
    return changed


def _same(wanted: ParsedVariant, rows: Sequence[VariantSummary]) -> VariantSummary | None:
    """The product's variant with this SKU, else with these options."""
    by_sku = (row for row in rows if wanted.details.sku and row.sku == wanted.details.sku)
    by_options = (row for row in rows if row.options == wanted.details.options)
    return next(by_sku, None) or next(by_options, None)


async def _bring_pictures(wanted: ParsedProduct, placed: AppliedProduct) -> None:
    here = await pictures.of_product(placed.product_id)
    named = await picture_fetches.addresses([placed.product_id])
    known = {each.path: each for each in here} | {named[each.id]: each for each in here if each.id in named}
    of_variant = {v.picture: placed.variant_ids.get(v.line.number) for v in reversed(wanted.variants) if v.picture}
    for picture in wanted.pictures:
        row = known.get(path_of(picture.address))
        if row is None:
            await _add_picture(placed.product_id, picture, of_variant.get(picture.address))
        elif not picture.alt or not await pictures.describe(row.id, alt=picture.alt):
            continue
        placed.fields.add("pictures")
        if not placed.is_new and not placed.changed:
            placed.changed.add(wanted.lines[0].number)


async def _add_picture(product_id: UUID, wanted: ParsedPicture, variant_id: UUID | None) -> None:
    """One of our own is here already; any other has to be fetched."""
    own = await pictures.stored(path_of(wanted.address))
    if own is not None:
        await pictures.attach(product_id, own, alt=wanted.alt, variant_id=variant_id)
    else:
        await picture_fetches.add(product_id, wanted.address, alt=wanted.alt, variant_id=variant_id)


async def apply_collections(wanted: ParsedCollection, members: list[UUID], *, by: UUID | None) -> str:
    """A product group becomes a collection; the result is "new", "changed" or "the same"."""
    slug = text.slug(wanted.title)
    is_new = not await collections.exists(slug)
    if is_new:
        await collections.get_or_create(wanted.title, slug=slug, by=by)
    here = await admin_products.collection_by_id(slug)
    details = CollectionDetails(
        title=wanted.title, description=wanted.description, position=here.position, is_listed=here.is_listed
    )
    is_changed = bool(await collections.revise(here.id, details, by=by))
    for product_id in members:
        is_changed |= await collections.add_product(product_id, slug)
    return "new" if is_new else "changed" if is_changed else "the same"
