"""Applies the variants of a file to those of a product that is here already."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from components.catalog.product_details import VariantDetails
from components.catalog.products import variants
from components.catalog.products.variants import VariantSummary
from components.catalog.stock import stock
from components.foundation.refusals import Refusal
from components.product_files.parsed_products import ParsedProduct, ParsedVariant
from components.product_files.tax_classes import complete

CountsBefore = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, int]]]
"""What the last imported file said of each variant's stock."""


class WhichVariant(Refusal):
    message = "This product has several variants, and the file does not say which one is meant."


class NoPrice(Refusal):
    message = "This variant is new, and the file has no price for it."


@dataclass(slots=True)
class VariantChanges:
    """`by_line` has what changed, `ids` every variant, by the number of its line."""

    ids: dict[int, UUID] = field(default_factory=dict)
    by_line: dict[int, set[str]] = field(default_factory=dict)


async def change(wanted: ParsedProduct, product_id: UUID, before: CountsBefore, by: UUID | None) -> VariantChanges:
    rows = await variants.of_product(product_id)
    found = _paired((*wanted.variants, *wanted.withheld), rows)
    is_whole = len(wanted.variants) >= sum(row.is_offered for row in rows)
    counts = await _counts(wanted.variants, found, before)
    made = VariantChanges()
    for position, variant in enumerate(wanted.variants):
        row = found.get(variant.line.number)
        changed: set[str] = set()
        if row is None:
            made.ids[variant.line.number] = await _add(variant, product_id, rows, by)
            changed = {"variants"}
        else:
            made.ids[variant.line.number] = row.id
            changed = await _change(variant, position if is_whole else row.position, row, counts, by)
        if changed:
            made.by_line[variant.line.number] = changed
    for variant in wanted.withheld:
        row = found.get(variant.line.number)
        if row is not None and row.is_offered and await variants.withdraw(row.id, by=by):
            made.by_line[variant.line.number] = {"variants"}
    return made


async def _add(wanted: ParsedVariant, product_id: UUID, rows: Sequence[VariantSummary], by: UUID | None) -> UUID:
    if "options" not in wanted.given and rows:
        raise WhichVariant
    if "price" not in wanted.given:
        raise NoPrice
    return await variants.add(product_id, complete(wanted.details), by=by, shares_skus=True)


async def _change(
    wanted: ParsedVariant, position: int, row: VariantSummary, counts: Mapping[UUID, int], by: UUID | None
) -> set[str]:
    details = said_of(wanted, row.details)
    changed: set[str] = set()
    if details != row.details or position != row.position or not row.is_offered:
        changed.update(await variants.revise(row.id, details, position=position, by=by, shares_skus=True))
    # Stock changes after an import: only a quantity that changed in the file itself is applied.
    counted = wanted.details.on_hand
    if "on_hand" in wanted.given and counted not in (counts.get(row.id), row.details.on_hand):
        await stock.set_on_hand(row.id, to=counted, by=by)
        changed.add("stock")
    return changed


def said_of(wanted: ParsedVariant, here: VariantDetails) -> VariantDetails:
    """What is here, with what the file says of it; an empty cost or tax category says nothing."""
    said = {name: getattr(wanted.details, name) for name in wanted.given if name != "on_hand"}
    if said.get("cost") is None:
        said.pop("cost", None)
    details = replace(here, **said, tax_category=wanted.details.tax_category or here.tax_category)
    # Its title is the name of its options, unless staff gave it another one.
    is_named_by_options = here.title == " / ".join(here.options)
    return replace(details, title=" / ".join(details.options)) if is_named_by_options else details


async def _counts(
    wanted: Sequence[ParsedVariant], found: Mapping[int, VariantSummary], before: CountsBefore
) -> Mapping[UUID, int]:
    rows = ((variant, found.get(variant.line.number)) for variant in wanted if "on_hand" in variant.given)
    differing = [row.id for variant, row in rows if row and variant.details.on_hand != row.details.on_hand]
    return await before(differing) if differing else {}


def _paired(wanted: Sequence[ParsedVariant], rows: Sequence[VariantSummary]) -> dict[int, VariantSummary]:
    """The variant of each line: the one with its options and SKU, else with its SKU, else with its options, else the
    only one there is."""
    left = sorted(rows, key=lambda row: not row.is_offered)
    made: dict[int, VariantSummary] = {}
    for same in (_is_same, _has_sku, _has_options, _is_only):
        for variant in wanted:
            alike = [row for row in left if same(variant, row)] if variant.line.number not in made else []
            if alike and (same is not _has_sku or _is_one(variant, alike, wanted)):
                made[variant.line.number] = alike[0]
                left.remove(alike[0])
    if len(wanted) == len(rows) == 1 and not made and "options" not in wanted[0].given:
        made[wanted[0].line.number] = rows[0]
    return made


def _is_same(variant: ParsedVariant, row: VariantSummary) -> bool:
    return _has_options(variant, row) and _has_sku(variant, row)


def _has_sku(variant: ParsedVariant, row: VariantSummary) -> bool:
    return bool(variant.details.sku) and row.details.sku == variant.details.sku


def _has_options(variant: ParsedVariant, row: VariantSummary) -> bool:
    return "options" in variant.given and row.details.options == variant.details.options


def _is_only(variant: ParsedVariant, row: VariantSummary) -> bool:
    return not variant.details.options and not row.details.options


def _is_one(variant: ParsedVariant, alike: Sequence[VariantSummary], wanted: Sequence[ParsedVariant]) -> bool:
    return len(alike) == 1 and sum(each.details.sku == variant.details.sku for each in wanted) == 1
