"""Import of a product file, product by product: each is applied whole or not at all. An invalid line does not stop the
others."""

import itertools
from collections.abc import Mapping, Sequence
from uuid import UUID

from components.catalog.products import collections
from components.foundation import audit, database
from components.foundation.sheets import csv_encodings, csv_sheets
from components.foundation.sheets.column_names import NONE
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Trouble
from components.product_files import file_formats, import_archive
from components.product_files.applying import apply
from components.product_files.applying.product_applier import ProductApplier, Rehearsed
from components.product_files.applying.product_finder import ProductFinder
from components.product_files.import_archive import StoredRow
from components.product_files.import_result import ImportResult, ProductOutcome
from components.product_files.parsed_products import ParsedGroup, ParsedProduct

TOGETHER = 100
"""Products: so many are read and written in one set."""


async def run_import(source: bytes, *, name: str, by: UUID | None = None) -> ImportResult:
    """Apply the file to the catalogue. Raises `UnreadableFile` if it is not a valid file."""
    return await FileImport(source, name=name, by=by).run()


async def preview(source: bytes, *, name: str) -> ImportResult:
    """What `run_import` would do, found out by doing it with each product and rolling it back."""
    return await FileImport(source, name=name, rehearses=True).run()


class FileImport:
    """One import. Made in a thread when the file is large: finding its lines takes seconds of processor time.

    `chosen` is what staff said that columns are. The products are parsed when it is their turn.
    """

    def __init__(
        self,
        source: bytes,
        *,
        name: str,
        by: UUID | None = None,
        by_import: UUID | None = None,
        rehearses: bool = False,
        as_drafts: bool = False,
        encoding: str = "",
        chosen: Mapping[str, str] = NONE,
    ) -> None:
        sheet = csv_sheets.read(source, encoding=encoding)
        self.format, self.sheet = file_formats.detect(sheet, chosen)
        self.reading = self.format.read(self.sheet)
        self.name, self.by, self.rehearses, self.chosen = name, by, rehearses, dict(chosen)
        self.outcome = ImportResult(name, self.format.name, len(self.sheet.lines))
        self.outcome.troubles += self.reading.remarks.troubles
        self.outcome.skipped_rows += len(self.outcome.troubles)
        self.outcome.notes += [*said_of_letters(self.sheet), *self.reading.remarks.notes]
        self._finder = ProductFinder(self.format, name, rehearses=rehearses)
        self._applier = ProductApplier(
            self.format, by=by, by_import=by_import, rehearses=rehearses, as_drafts=as_drafts
        )
        self._rows: dict[int, StoredRow] = {}
        self._skus: dict[str, UUID] = {}
        self._uncounted = 0

    async def run(self) -> ImportResult:
        await self.start()
        groups = iter(self.reading)
        while some := list(itertools.islice(groups, TOGETHER)):
            for group, step in zip(some, await self.bring_all(some), strict=True):
                self.take(group, step)
        await self.finish()
        return self.outcome

    async def start(self) -> None:
        """Raises a `Refusal` if this name belongs to a file of the other format."""
        await self._finder.start()
        self._applier.shelves |= set(await collections.titles())

    async def bring(self, group: ParsedGroup) -> ProductOutcome:
        """Import one product, or find out what importing it would change."""
        (step,) = await self.bring_all([group])
        return step

    async def bring_all(self, groups: Sequence[ParsedGroup]) -> list[ProductOutcome]:
        """The same for many, one after the other as far as they have to do with each other."""
        left = [group.product for group in groups if group.product is not None]
        steps: list[ProductOutcome] = []
        while left:
            found = await self._finder.find(left)
            made = await self._applier.apply(left[: len(found)], found)
            for wanted, step in zip(left, made, strict=False):
                self._claim(wanted, step)
            left = left[len(found) :]
            steps += made
        brought = iter(steps)
        return [next(brought) if group.product is not None else _unread(group) for group in groups]

    def _claim(self, wanted: ParsedProduct, step: ProductOutcome) -> None:
        if step.product is not None and not (self.rehearses and step.what == "new"):
            self._finder.claimed.add(step.product)
            if not self.rehearses:
                self._applier.shelves |= {slug for slug, _ in wanted.collections}

    def take(self, group: ParsedGroup, step: ProductOutcome) -> None:
        """Count what `bring` has come to, now or before the shop was restarted."""
        self.outcome.take(step, group.remarks)
        wanted = group.product
        if step.product is None or wanted is None:
            return
        keys = {one.line.number: f"{wanted.key}|{one.key}" for one in (*wanted.variants, *wanted.withheld)}
        for line in wanted.lines:
            key = keys.get(line.number, wanted.key)
            self._rows[line.number] = StoredRow(key, (), step.product, step.variants.get(line.number))
        if step.what == "new":
            tracked = [one for one in wanted.variants if one.details.tracks_stock and not one.details.sells_when_out]
            self._uncounted += sum("on_hand" not in one.given for one in tracked)
        if not (self.rehearses and step.what == "new"):
            self._skus |= {one.details.sku: step.product for one in wanted.variants if one.details.sku}
        self._claim(wanted, step)

    async def finish(self) -> list[ProductOutcome]:
        """The product groups of the file, and the file itself, which can be exported again. Nothing of it in a
        preview."""
        steps = [await self._bring_set(number) for number in range(len(self.reading.sets))]
        if self._uncounted:
            words = f"The file does not say how many are on hand: {self._uncounted} new variants are sold out so far."
            self.outcome.notes.append(Trouble(1, words))
            steps.append(ProductOutcome(1, "", "note", words=words))
        if not self.rehearses:
            await self._keep()
        self.outcome.troubles.sort(key=lambda trouble: trouble.line)
        return steps

    async def _bring_set(self, number: int) -> ProductOutcome:
        wanted = self.reading.sets[number]
        members = [self._skus[sku] for sku in wanted.member_skus if sku in self._skus]
        step = ProductOutcome(wanted.line.number, wanted.title, "the same", fields=("collection",), changed_rows=1)
        try:
            async with database.transaction():
                step.what = await apply.apply_collections(wanted, members, by=self.by)
                if self.rehearses:
                    raise Rehearsed
        except Rehearsed:
            pass
        step.changed_rows = int(step.what != "the same")
        self.outcome.take(step)
        words = f"“{wanted.title}” is a grouped product: it is imported as a collection."
        self.outcome.notes.append(Trouble(wanted.line.number, words))
        self._rows[wanted.line.number] = StoredRow(wanted.key, (), None, None)
        return step

    async def _keep(self) -> None:
        """Every line is stored, including invalid ones, so that the whole file can be exported again."""
        await import_archive.store(
            self.name,
            source=self.format.name,
            sheet=self.sheet,
            places=self._rows,
            chosen=self.chosen,
            is_news=bool(self.outcome.changed_rows),
            by=self.by,
        )
        if self.by is not None and self.outcome.changed_rows:
            after = {"rows": self.outcome.rows, "changed": self.outcome.changed_rows}
            await audit.record(self.by, "file imported", "import", self.name, after=after)


def _unread(group: ParsedGroup) -> ProductOutcome:
    return ProductOutcome(group.remarks.troubles[0].line, "", "unread")


def said_of_letters(sheet: CsvSheet) -> list[Trouble]:
    shape = sheet.shape
    if shape.encoding not in ("cp1252", "latin-1"):
        return []
    words = (
        f"The file is not written in UTF-8: it was read as {csv_encodings.name_of(shape.encoding)}. "
        "If letters look wrong in the titles, choose another one."
    )
    return [Trouble(1, words)]
