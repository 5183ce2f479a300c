"""Applies the variants of a file to those of a product that is here already."""

from dataclasses import dataclass, field
from uuid import UUID

from components.catalog.products import variants
from components.catalog.stock import stock
from components.foundation.refusals import Refusal
from components.product_files.applying.apply_plans import ProductPlan, VariantPlan
from components.product_files.tax_classes import complete


class WhichVariant(Refusal):
    message = "This product has several variants, and the file does not say which one is meant."


class NoPrice(Refusal):
    message = "This variant is new, and the file has no price for it."


@dataclass(slots=True)
class VariantChanges:
    """`by_line` has what changed, `ids` every variant, by the number of its line."""

    ids: dict[int, UUID] = field(default_factory=dict)
    by_line: dict[int, set[str]] = field(default_factory=dict)


async def change(plan: ProductPlan, by: UUID | None) -> VariantChanges:
    made = VariantChanges()
    for one in plan.variants:
        line = one.wanted.line.number
        if one.row is None:
            made.ids[line] = await _add(one, plan, by)
            made.by_line[line] = {"variants"}
        else:
            made.ids[line] = one.row.id
            if changed := await _change(one, by):
                made.by_line[line] = changed
    for wanted, row in plan.withdrawn:
        if await variants.withdraw(row.id, by=by):
            made.by_line[wanted.line.number] = {"variants"}
    return made


async def _add(one: VariantPlan, plan: ProductPlan, by: UUID | None) -> UUID:
    if "options" not in one.wanted.given and plan.here.variants:
        raise WhichVariant
    if "price" not in one.wanted.given:
        raise NoPrice
    return await variants.add(plan.here.id, complete(one.wanted.details), by=by, shares_skus=True)


async def _change(one: VariantPlan, by: UUID | None) -> set[str]:
    assert one.row is not None
    changed: set[str] = set()
    if one.details is not None:
        saved = await variants.revise(one.row.id, one.details, position=one.position, by=by, shares_skus=True)
        changed.update(saved)
    if one.on_hand is not None:
        await stock.set_on_hand(one.row.id, to=one.on_hand, by=by)
        changed.add("stock")
    return changed
