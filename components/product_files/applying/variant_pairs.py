"""Which variant here each line of a file means."""

from collections.abc import Sequence

from components.catalog.products.variants import VariantSummary
from components.product_files.parsed_products import ParsedVariant


def paired(wanted: Sequence[ParsedVariant], rows: Sequence[VariantSummary]) -> dict[int, VariantSummary]:
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
