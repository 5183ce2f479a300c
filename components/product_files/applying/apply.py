"""Applies products of a file to the catalogue, with the same functions the staff area uses."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from components.catalog.pictures import named_pictures, pictures
from components.catalog.pictures.named_pictures import NamedPicture
from components.catalog.product_details import ProductDetails
from components.catalog.products import admin_products, collections, new_products, products
from components.catalog.products.collections import CollectionDetails
from components.catalog.products.new_products import NewProduct
from components.foundation import text
from components.foundation.refusals import Refusal
from components.product_files.applying import apply_variants
from components.product_files.applying.apply_plans import ProductPlan, is_priced
from components.product_files.parsed_products import ParsedCollection, ParsedPicture, ParsedProduct
from components.product_files.picture_links import path_of
from components.product_files.tax_classes import complete


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


def as_new(wanted: ParsedProduct) -> NewProduct:
    """Raises a `Refusal` if it cannot be."""
    if not wanted.details.title:
        raise NotHere
    details = replace(wanted.details, collections=tuple(slug for slug, _ in wanted.collections))
    if not is_priced(wanted) or not wanted.variants:
        details = replace(details, status="draft")
    new = NewProduct(details, tuple(complete(one.details) for one in wanted.variants), wanted.slug)
    new.check()
    return new


async def create_all(
    wanted: Sequence[tuple[ParsedProduct, NewProduct]], *, shelves: set[str], by: UUID | None, by_import: UUID | None
) -> list[AppliedProduct]:
    """Create these products, or none of them. `shelves` are the slugs of collections that are here."""
    parsed, new = [one for one, _ in wanted], [new for _, new in wanted]
    taken = await products.by_slugs([one.slug for one in new if one.slug])
    for place, product in enumerate(new):
        if product.slug in taken:
            new[place] = replace(product, slug="")
        taken[product.slug] = taken.get(product.slug, _NOBODY)
    await _add_shelves(parsed, shelves, by)
    made = []
    for one, (id, ids) in zip(parsed, await new_products.create_all(new, by=by, shares_skus=True), strict=True):
        lines = [variant.line.number for variant in one.variants]
        placed = AppliedProduct(id, dict(zip(lines, ids, strict=True)), is_new=True)
        placed.changed = {line.number for line in one.lines}
        if not is_priced(one):
            placed.notes.append(f"“{one.details.title}” has no price in the file: it is imported as a draft.")
        made.append(placed)
    named = ((placed, one, picture) for placed, one in zip(made, parsed, strict=True) for picture in one.pictures)
    await named_pictures.add_all([_named(*each) for each in named], by_import=by_import)
    return made


_NOBODY = UUID(int=0)


async def _add_shelves(wanted: Sequence[ParsedProduct], shelves: set[str], by: UUID | None) -> None:
    missing = {slug: title for one in wanted for slug, title in one.collections if slug not in shelves}
    for slug, title in missing.items():
        await collections.get_or_create(title, slug=slug, by=by)


def _named(placed: AppliedProduct, wanted: ParsedProduct, picture: ParsedPicture) -> NamedPicture:
    shown = next((one for one in wanted.variants if one.picture == picture.address), None)
    return NamedPicture(
        product=placed.product_id,
        path=path_of(picture.address),
        address=picture.address,
        alt=picture.alt,
        variant=placed.variant_ids.get(shown.line.number) if shown else None,
    )


async def change(plan: ProductPlan, *, shelves: set[str], by: UUID | None, by_import: UUID | None) -> AppliedProduct:
    """Change what differs of what the file says."""
    kept, details, product_id = plan.here.details, plan.details, plan.here.id
    placed = AppliedProduct(product_id, {}, is_new=False)
    await _add_shelves([plan.wanted], shelves, by)
    await _revise(placed, kept, replace(details, status=_meanwhile(kept, details)), by)
    changes = await apply_variants.change(plan, by)
    placed.variant_ids, placed.changed = changes.ids, set(changes.by_line)
    placed.fields.update(*changes.by_line.values())
    await _revise(placed, replace(details, status=_meanwhile(kept, details)), details, by)
    first = plan.wanted.lines[0].number
    if placed.fields - {"variants", "stock"} and not placed.changed:
        placed.changed.add(first)
    if await _bring_pictures(plan, placed, by_import):
        placed.fields.add("pictures")
        placed.changed = placed.changed or {first}
    return placed


def unchanged(plan: ProductPlan) -> AppliedProduct:
    """What an empty plan comes to."""
    ids = {one.wanted.line.number: one.row.id for one in plan.variants if one.row is not None}
    return AppliedProduct(plan.here.id, ids, is_new=False)


async def _revise(placed: AppliedProduct, here: ProductDetails, wanted: ProductDetails, by: UUID | None) -> None:
    if here != wanted:
        placed.fields.update(await products.revise(placed.product_id, wanted, by=by))


def _meanwhile(kept: ProductDetails, wanted: ProductDetails) -> str:
    """A product without variants can only become active once they are created."""
    return kept.status if wanted.status == "active" else wanted.status


async def _bring_pictures(plan: ProductPlan, placed: AppliedProduct, by_import: UUID | None) -> bool:
    new = [_named(placed, plan.wanted, picture) for picture, view in plan.pictures if view is None]
    await named_pictures.add_all(new, by_import=by_import)
    described = [
        await pictures.describe(view.id, alt=picture.alt) for picture, view in plan.pictures if view is not None
    ]
    return bool(new) or any(described)


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
