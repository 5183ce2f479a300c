"""Import of a product file: preview and apply. An invalid line does not stop the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from components.catalog.products import products, variants
from components.foundation import audit, database
from components.foundation.refusals import Refusal
from components.product_files import apply, csv_sheets, file_formats, import_archive
from components.product_files.apply import AppliedProduct
from components.product_files.csv_sheets import CsvSheet
from components.product_files.file_formats import Format
from components.product_files.import_archive import StoredFile, StoredRow
from components.product_files.parsed_products import ParsedFile, ParsedProduct, Trouble


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """One product or group of the file: `what` is "new", "changed" (then `fields` says what) or "the same"."""

    line: int
    title: str
    what: str
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class ImportResult:
    """`troubles` are skipped lines, `notes` are remarks about imported lines."""

    name: str
    source: str
    rows: int
    changed_rows: int = 0
    told: list[ImportProgress] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)
    product_ids: set[UUID] = field(default_factory=set)

    def count(self, what: str) -> int:
        return sum(one.what == what for one in self.told)


class _Rehearsed(Exception):
    """Rolls back the transaction of a preview."""


async def run_import(source: bytes, *, name: str, by: UUID | None = None) -> ImportResult:
    """Apply the file to the catalogue. Raises `UnreadableFile` if it is not a valid file."""
    sheet = csv_sheets.read(source)
    return await _Bringing(sheet, file_formats.detect(sheet), name, by).run()


async def preview(source: bytes, *, name: str) -> ImportResult:
    """What `bring_in` would do, found out by doing it and rolling back."""
    outcome = None
    try:
        async with database.transaction():
            outcome = await run_import(source, name=name)
            raise _Rehearsed
    except _Rehearsed:
        assert outcome is not None
        return outcome


class _Bringing:
    """One import."""

    def __init__(self, sheet: CsvSheet, known_format: Format, name: str, by: UUID | None) -> None:
        self.sheet, self.format, self.name, self.by = sheet, known_format, name, by
        self.outcome = ImportResult(name, known_format.name, len(sheet.lines))
        self.lines: dict[int, StoredRow] = {}
        self.skus: dict[str, UUID] = {}

    async def run(self) -> ImportResult:
        before = await import_archive.file_by_name(self.name)
        if before is not None and before.source != self.format.name:
            raise Refusal(f"A file named “{self.name}” was already imported in another format. Please rename this one.")
        reading = self.format.read(self.sheet)
        self.outcome.troubles += reading.troubles
        self.outcome.notes += reading.notes
        known, stock = _known(before), self._stock(before)
        for wanted in reading.products:
            await self._bring(wanted, known, stock.get(wanted.key, {}))
        await self._bring_sets(reading)
        await self._keep(before)
        self.outcome.troubles.sort(key=lambda trouble: trouble.line)
        return self.outcome

    def _stock(self, before: StoredFile | None) -> dict[str, dict[str, int]]:
        """The last imported version of the file, by product and variant."""
        reading = self.format.read(before.sheet) if before else ParsedFile()
        return {p.key: {v.key: v.details.on_hand for v in p.variants} for p in reading.products}

    async def _bring(self, wanted: ParsedProduct, known: Mapping[str, UUID], stock: Mapping[str, int]) -> None:
        first = wanted.lines[0].number
        try:
            async with database.transaction():
                product_id = known.get(wanted.key) or await self._match(wanted)
                placed = await apply.apply_product(wanted, known=product_id, stock_before=stock, by=self.by)
        except Refusal as refusal:
            self.outcome.troubles.append(Trouble(first, str(refusal)))
            return
        self._note(wanted, placed)

    async def _match(self, wanted: ParsedProduct) -> UUID | None:
        """An existing product that is not from this file: by its address, otherwise by a SKU."""
        if self.format.names_address:
            return await products.id_of(wanted.slug)
        return await variants.product_of([one.details.sku for one in wanted.variants if one.details.sku])

    def _note(self, wanted: ParsedProduct, placed: AppliedProduct) -> None:
        what = "new" if placed.is_new else "changed" if placed.changed else "the same"
        fields = tuple(sorted(placed.fields)) if what == "changed" else ()
        self.outcome.told.append(ImportProgress(wanted.lines[0].number, wanted.details.title, what, fields))
        self.outcome.changed_rows += len(placed.changed)
        self.outcome.product_ids.add(placed.product_id)
        keys = {variant.line.number: f"{wanted.key}|{variant.key}" for variant in wanted.variants}
        for line in wanted.lines:
            variant_id = placed.variant_ids.get(line.number)
            key = keys.get(line.number, wanted.key)
            self.lines[line.number] = StoredRow(key, line.cells, placed.product_id, variant_id)
        for variant in wanted.variants:
            if variant.details.sku:
                self.skus[variant.details.sku] = placed.product_id

    async def _bring_sets(self, reading: ParsedFile) -> None:
        for wanted in reading.sets:
            members = [self.skus[sku] for sku in wanted.member_skus if sku in self.skus]
            what, number = await apply.apply_collections(wanted, members, by=self.by), wanted.line.number
            self.outcome.told.append(ImportProgress(number, wanted.title, what, ("collection",)))
            self.outcome.changed_rows += what != "the same"
            words = f"“{wanted.title}” is a grouped product: it is imported as a collection."
            self.outcome.notes.append(Trouble(number, words))
            self.lines[number] = StoredRow(wanted.key, wanted.line.cells, None, None)

    async def _keep(self, before: StoredFile | None) -> None:
        """Every line is stored, including invalid ones, so that the whole file can be exported again."""
        rows = [self.lines.get(line.number) or StoredRow("", line.cells, None, None) for line in self.sheet.lines]
        async with database.transaction():
            await import_archive.store(
                before, name=self.name, source=self.format.name, sheet=self.sheet, rows=rows, by=self.by
            )
            if self.by is not None and self.outcome.changed_rows:
                after = {"rows": self.outcome.rows, "changed": self.outcome.changed_rows}
                await audit.record(self.by, "file imported", "import", self.name, after=after)


def _known(before: StoredFile | None) -> dict[str, UUID]:
    """The product of each key of the file in its last import."""
    rows = before.rows if before else ()
    return {row.key.split("|", 1)[0]: row.product for row in rows if row.product is not None}
