"""Import of a product file, product by product: each is a transaction of its own. An invalid line does not stop the
others."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from components.catalog.catalog_refusals import SkuTaken
from components.catalog.products import products, variants
from components.foundation import audit, database
from components.foundation.refusals import Refusal
from components.product_files import apply, csv_sheets, file_formats, import_archive
from components.product_files.apply import AppliedProduct
from components.product_files.import_archive import StoredFile, StoredRow
from components.product_files.import_result import ImportResult, ProductOutcome
from components.product_files.parsed_products import ParsedFile, ParsedProduct, Trouble


class _Rehearsed(Exception):
    """Rolls back what a preview has tried."""


async def run_import(source: bytes, *, name: str, by: UUID | None = None) -> ImportResult:
    """Apply the file to the catalogue. Raises `UnreadableFile` if it is not a valid file."""
    return await FileImport(source, name=name, by=by).run()


async def preview(source: bytes, *, name: str) -> ImportResult:
    """What `run_import` would do, found out by doing it with each product and rolling it back."""
    return await FileImport(source, name=name, rehearses=True).run()


@dataclass(slots=True)
class _Before:
    """The last imported version of the file: its product of each key, and the stock it gave, by product and variant."""

    file: StoredFile | None = None
    known: Mapping[str, UUID] = field(default_factory=dict)
    stock: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class FileImport:
    """One import. Made in a thread when the file is large: parsing takes seconds of processor time."""

    def __init__(self, source: bytes, *, name: str, by: UUID | None = None, rehearses: bool = False) -> None:
        self.sheet = csv_sheets.read(source)
        self.format = file_formats.detect(self.sheet)
        self.reading = self.format.read(self.sheet)
        self.name, self.by, self.rehearses = name, by, rehearses
        self.outcome = ImportResult(name, self.format.name, len(self.sheet.lines))
        self.outcome.troubles += self.reading.troubles
        self.outcome.notes += self.reading.notes
        self._before = _Before()
        self._rows: dict[int, StoredRow] = {}
        self._skus: dict[str, UUID] = {}
        self._rehearsed_skus: set[str] = set()

    async def run(self) -> ImportResult:
        await self.start()
        for wanted in self.reading.products:
            self.take(wanted, await self.bring(wanted))
        await self.finish()
        return self.outcome

    async def start(self) -> None:
        """Raises a `Refusal` if this name belongs to a file of the other format."""
        file = await import_archive.file_by_name(self.name)
        if file is not None and file.source != self.format.name:
            raise Refusal(f"A file named “{self.name}” was already imported in another format. Please rename this one.")
        if file is not None:
            before = await asyncio.to_thread(self._remember, file)
            here = await products.existing(list(set(before.known.values())))
            known = {key: product for key, product in before.known.items() if product in here}
            self._before = replace(before, known=known)

    def _remember(self, file: StoredFile) -> _Before:
        known = {row.key.split("|", 1)[0]: row.product for row in file.rows if row.product is not None}
        reading: ParsedFile = self.format.read(file.sheet)
        stock = {p.key: {v.key: v.details.on_hand for v in p.variants} for p in reading.products}
        return _Before(file, known, stock)

    async def bring(self, wanted: ParsedProduct) -> ProductOutcome:
        """Import one product, or find out what importing it would change."""
        placed = None
        try:
            self._refuse_sku_of_this_file(wanted)
            async with database.transaction():
                product_id = self._before.known.get(wanted.key) or await self._match(wanted)
                stock = self._before.stock.get(wanted.key, {})
                placed = await apply.apply_product(wanted, known=product_id, stock_before=stock, by=self.by)
                if self.rehearses:
                    raise _Rehearsed
        except Refusal as refusal:
            return ProductOutcome(wanted.lines[0].number, wanted.details.title, "skipped", words=str(refusal))
        except _Rehearsed:
            self._rehearsed_skus |= _skus(wanted)
        assert placed is not None
        return _step(wanted, placed)

    def _refuse_sku_of_this_file(self, wanted: ParsedProduct) -> None:
        """What has been rolled back is no longer there to be refused by the database."""
        if self.format.names_address and (taken := _skus(wanted) & self._rehearsed_skus):
            raise SkuTaken(min(taken))

    async def _match(self, wanted: ParsedProduct) -> UUID | None:
        """An existing product that is not from this file: by its address, otherwise by a SKU."""
        if self.format.names_address:
            return await products.id_of(wanted.slug)
        return await variants.product_of([one.details.sku for one in wanted.variants if one.details.sku])

    def take(self, wanted: ParsedProduct, step: ProductOutcome) -> None:
        """Count what `bring` has come to, now or before the shop was restarted."""
        self.outcome.take(step)
        if step.product is None:
            return
        keys = {variant.line.number: f"{wanted.key}|{variant.key}" for variant in wanted.variants}
        for line in wanted.lines:
            key = keys.get(line.number, wanted.key)
            self._rows[line.number] = StoredRow(key, line.cells, step.product, step.variants.get(line.number))
        if not (self.rehearses and step.what == "new"):
            self._skus |= dict.fromkeys(_skus(wanted), step.product)

    async def finish(self) -> list[ProductOutcome]:
        """The product groups of the file, and the file itself, which can be exported again. Nothing of it in a
        preview."""
        steps = []
        for wanted in self.reading.sets:
            members = [self._skus[sku] for sku in wanted.member_skus if sku in self._skus]
            step = ProductOutcome(wanted.line.number, wanted.title, "the same", fields=("collection",), changed_rows=1)
            try:
                async with database.transaction():
                    step.what = await apply.apply_collections(wanted, members, by=self.by)
                    if self.rehearses:
                        raise _Rehearsed
            except _Rehearsed:
                pass
            step.changed_rows = int(step.what != "the same")
            steps.append(step)
            self.outcome.take(step)
            words = f"“{wanted.title}” is a grouped product: it is imported as a collection."
            self.outcome.notes.append(Trouble(wanted.line.number, words))
            self._rows[wanted.line.number] = StoredRow(wanted.key, wanted.line.cells, None, None)
        if not self.rehearses:
            await self._keep()
        self.outcome.troubles.sort(key=lambda trouble: trouble.line)
        return steps

    async def _keep(self) -> None:
        """Every line is stored, including invalid ones, so that the whole file can be exported again."""
        rows = [self._rows.get(line.number) or StoredRow("", line.cells, None, None) for line in self.sheet.lines]
        async with database.transaction():
            await import_archive.store(
                self._before.file, name=self.name, source=self.format.name, sheet=self.sheet, rows=rows, by=self.by
            )
            if self.by is not None and self.outcome.changed_rows:
                after = {"rows": self.outcome.rows, "changed": self.outcome.changed_rows}
                await audit.record(self.by, "file imported", "import", self.name, after=after)


def _skus(wanted: ParsedProduct) -> set[str]:
    return {variant.details.sku for variant in wanted.variants if variant.details.sku}


def _step(wanted: ParsedProduct, placed: AppliedProduct) -> ProductOutcome:
    what = "new" if placed.is_new else "changed" if placed.changed else "the same"
    return ProductOutcome(
        line=wanted.lines[0].number,
        title=wanted.details.title,
        what=what,
        fields=tuple(sorted(placed.fields)) if what == "changed" else (),
        changed_rows=len(placed.changed),
        product=placed.product_id,
        variants=placed.variant_ids,
    )
