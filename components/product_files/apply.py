"""Applies a file to the catalogue, one product at a time, with the same functions the staff area uses."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from components.catalog.pictures import picture_fetches, pictures
from components.catalog.product_details import ProductDetails
from components.catalog.products import admin_products, collections, products, stored_products
from components.catalog.products.collections import CollectionDetails
from components.foundation import text
from components.foundation.refusals import Refusal
from components.product_files import apply_variants
from components.product_files.apply_variants import CountsBefore
from components.product_files.parsed_products import ParsedCollection, ParsedPicture, ParsedProduct
from components.product_files.picture_links import path_of
from components.product_files.tax_classes import complete

SAID_BY_FILES = ("title", "description", "vendor", "kind", "tags", "option_names", "status")
"""What a file may decide about a product that is here already; whatever else staff have written stays."""


class NotHere(Refusal):
    message = "This product is not in your shop, and the file has no title for it."


@dataclass(slots=True)
class AppliedProduct:
    """The result for one product of the file. `changed` has the numbers of the lines that changed anything."""

    product_id: UUID
    variant_ids: dict[int, UUID]
    is_new: bool
    changed: set[int] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


async def apply_product(
    wanted: ParsedProduct, *, known: UUID | None, shelves: set[str], before: CountsBefore, by: UUID | None
) -> AppliedProduct:
    """Create the product, or change what differs of what the file says. `shelves` are the slugs of collections that are
    here, `before` finds the stock in the last import."""
    for slug, title in wanted.collections:
        if slug not in shelves:
            await collections.get_or_create(title, slug=slug, by=by)
    placed = await (_create(wanted, by) if known is None else _change(wanted, known, before, by))
    await _bring_pictures(wanted, placed)
    return placed


async def _create(wanted: ParsedProduct, by: UUID | None) -> AppliedProduct:
    if not wanted.details.title:
        raise NotHere
    details = replace(wanted.details, collections=tuple(slug for slug, _ in wanted.collections))
    notes = []
    if not _is_priced(wanted):
        notes.append(f"“{details.title}” has no price in the file: it is imported as a draft.")
    if notes or not wanted.variants:
        details = replace(details, status="draft")
    taken = await products.id_of(wanted.slug)
    sold_as = [complete(variant.details) for variant in wanted.variants]
    slug = "" if taken else wanted.slug
    product_id, made = await products.create_whole(details, sold_as, slug=slug, by=by, shares_skus=True)
    ids = {variant.line.number: one for variant, one in zip(wanted.variants, made, strict=True)}
    changed = {line.number for line in wanted.lines}
    return AppliedProduct(product_id, ids, is_new=True, changed=changed, notes=notes)


def _is_priced(wanted: ParsedProduct) -> bool:
    return all("price" in variant.given for variant in wanted.variants)


async def _change(wanted: ParsedProduct, product_id: UUID, before: CountsBefore, by: UUID | None) -> AppliedProduct:
    kept = await stored_products.details(product_id)
    said = {name: getattr(wanted.details, name) for name in SAID_BY_FILES if name in wanted.given}
    if kept.status == "draft" and said.get("status") == "active" and not _is_priced(wanted):
        del said["status"]  # a file without prices puts nothing on sale
    shelves = {slug for slug, _ in wanted.collections}
    details = replace(kept, **said, collections=tuple(sorted({*shelves, *kept.collections})))
    placed = AppliedProduct(product_id, {}, is_new=False)
    await _revise(placed, kept, replace(details, status=_meanwhile(kept, details)), by)
    changes = await apply_variants.change(wanted, product_id, before, by)
    placed.variant_ids, placed.changed = changes.ids, set(changes.by_line)
    placed.fields.update(*changes.by_line.values())
    await _revise(placed, replace(details, status=_meanwhile(kept, details)), details, by)
    if placed.fields - {"variants", "stock"} and not placed.changed:
        placed.changed.add(wanted.lines[0].number)
    return placed


async def _revise(placed: AppliedProduct, here: ProductDetails, wanted: ProductDetails, by: UUID | None) -> None:
    if here != wanted:
        placed.fields.update(await products.revise(placed.product_id, wanted, by=by))


def _meanwhile(kept: ProductDetails, wanted: ProductDetails) -> str:
    """A product without variants can only become active once they are created."""
    return kept.status if wanted.status == "active" else wanted.status


async def _bring_pictures(wanted: ParsedProduct, placed: AppliedProduct) -> None:
    here = await pictures.of_product(placed.product_id)
    named = await picture_fetches.addresses([placed.product_id])
    known = {each.path: each for each in here} | {named[each.id]: each for each in here if each.id in named}
    of_variant = {v.picture: placed.variant_ids.get(v.line.number) for v in reversed(wanted.variants) if v.picture}
    for picture in wanted.pictures:
        row = known.get(path_of(picture.address))
        if row is None:
            await _add_picture(placed.product_id, picture, of_variant.get(picture.address))
        elif picture.alt in ("", row.alt) or not await pictures.describe(row.id, alt=picture.alt):
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
