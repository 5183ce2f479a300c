"""Applies products of a file, or tries it out: each whole or not at all, many with few statements."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from components.catalog.catalog_refusals import UnknownProduct
from components.catalog.products.new_products import NewProduct
from components.foundation import database
from components.foundation.refusals import Refusal
from components.product_files import import_archive
from components.product_files.applying import apply, apply_plans, products_here
from components.product_files.applying.apply_plans import ProductPlan
from components.product_files.file_formats import Format
from components.product_files.import_result import ProductOutcome, applied, skipped
from components.product_files.parsed_products import ParsedProduct


class Rehearsed(Exception):
    """Rolls back what a preview has tried."""


class ProductApplier:
    """`shelves` are the slugs of collections that are here. `as_drafts`: what is new waits for staff to show it."""

    def __init__(
        self, of: Format, *, by: UUID | None, by_import: UUID | None, rehearses: bool, as_drafts: bool = False
    ) -> None:
        self.format, self.by, self.by_import, self.rehearses = of, by, by_import, rehearses
        self.as_drafts = as_drafts
        self.shelves: set[str] = set()

    async def apply(self, wanted: Sequence[ParsedProduct], found: Sequence[UUID | None]) -> list[ProductOutcome]:
        """Import these products, which have nothing to do with each other, or find out what that would change. `found`
        are those of them that are here."""
        new = [one for one, product in zip(wanted, found, strict=True) if product is None]
        plans = await self._plans([(one, id) for one, id in zip(wanted, found, strict=True) if id is not None])
        steps = await self._create(new)
        for one, plan in plans:
            steps[one.key] = await self._change(plan) if plan else skipped(one, UnknownProduct.message)
        return [steps[one.key] for one in wanted]

    async def _plans(
        self, known: Sequence[tuple[ParsedProduct, UUID]]
    ) -> list[tuple[ParsedProduct, ProductPlan | None]]:
        """Without a plan is what somebody has deleted meanwhile."""
        here = await products_here.load([id for _, id in known])
        pairs = {id: apply_plans.pairs(one, here[id]) for one, id in known if id in here}
        otherwise = [row for one, id in known if id in here for row in apply_plans.counted_otherwise(one, pairs[id])]
        before = await import_archive.counted_before(self.format, otherwise) if otherwise else {}
        return [(one, apply_plans.plan(one, here[id], pairs[id], before) if id in here else None) for one, id in known]

    async def _create(self, wanted: Sequence[ParsedProduct]) -> dict[str, ProductOutcome]:
        steps: dict[str, ProductOutcome] = {}
        new: list[tuple[ParsedProduct, NewProduct]] = []
        for one in map(_as_draft, wanted) if self.as_drafts else wanted:
            try:
                new.append((one, apply.as_new(one)))
            except Refusal as refusal:
                steps[one.key] = skipped(one, str(refusal))
        if new:
            steps |= await self._create_all(new)
        return steps

    async def _create_all(self, new: Sequence[tuple[ParsedProduct, NewProduct]]) -> dict[str, ProductOutcome]:
        placed = []
        try:
            async with database.transaction():
                placed = await apply.create_all(new, shelves=self.shelves, by=self.by, by_import=self.by_import)
                if self.rehearses:
                    raise Rehearsed
        except Rehearsed:
            pass
        except Refusal as refusal:
            if len(new) == 1:
                return {new[0][0].key: skipped(new[0][0], str(refusal))}
            steps: dict[str, ProductOutcome] = {}
            for one in new:
                steps |= await self._create_all([one])
            return steps
        return {one.key: applied(one, made) for (one, _), made in zip(new, placed, strict=True)}

    async def _change(self, plan: ProductPlan) -> ProductOutcome:
        if plan.is_empty:
            return applied(plan.wanted, apply.unchanged(plan))
        placed = None
        try:
            async with database.transaction():
                placed = await apply.change(plan, shelves=self.shelves, by=self.by, by_import=self.by_import)
                if self.rehearses:
                    raise Rehearsed
        except Refusal as refusal:
            return skipped(plan.wanted, str(refusal))
        except Rehearsed:
            pass
        assert placed is not None
        return applied(plan.wanted, placed)


def _as_draft(wanted: ParsedProduct) -> ParsedProduct:
    """What is archived in the file stays that."""
    if wanted.details.status != "active":
        return wanted
    return replace(wanted, details=replace(wanted.details, status="draft"))
