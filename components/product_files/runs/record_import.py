"""Import of a file of customers or orders, one of them after another: what `FileImport` is for products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from components.foundation import audit, database
from components.foundation.refusals import Refusal
from components.foundation.sheets import csv_sheets
from components.foundation.sheets.line_remarks import Remarks
from components.old_shop import customer_import, customer_records, old_orders, order_records
from components.old_shop.customer_import import Brought
from components.old_shop.customer_records import CustomerRecord
from components.old_shop.order_records import BadRecord, OrderRecord
from components.product_files import import_file
from components.product_files.import_result import ImportResult, ProductOutcome
from components.product_files.parsed_products import ParsedFile, ParsedGroup
from components.product_files.product_applier import Rehearsed
from components.product_files.runs import run_kinds


@dataclass(slots=True)
class RecordGroup(ParsedGroup):
    """The rows of one customer or order; without a `record` when they cannot be used, and `why`."""

    record: CustomerRecord | OrderRecord | None = None
    lines: tuple[int, ...] = (1,)
    why: str = ""


class RecordImport:
    """`file` is kept nowhere: what is not brought in stays with the earlier shop."""

    def __init__(
        self,
        source: bytes,
        *,
        kind: str,
        run: UUID,
        name: str,
        by: UUID | None,
        rehearses: bool,
        encoding: str,
        chosen: Mapping[str, str],
    ) -> None:
        self.sheet = run_kinds.by_name(kind).named(csv_sheets.read(source, encoding=encoding), chosen)
        is_orders = kind == run_kinds.ORDERS
        self._file = order_records.read(self.sheet) if is_orders else customer_records.read(self.sheet)
        self.reading = ParsedFile(len(self._file), self._group, remarks=self._file.remarks)
        self.run, self.name, self.by, self.rehearses, self.kind = run, name, by, rehearses, kind
        self.outcome = ImportResult(name, kind, len(self.sheet.lines))
        self.outcome.troubles += self._file.remarks.troubles
        self.outcome.notes += import_file.said_of_letters(self.sheet)

    def _group(self, position: int) -> RecordGroup:
        try:
            record = self._file.record(position)
        except BadRecord as bad:
            rows = self._file.places[position][1]
            lines = tuple(self.sheet.lines[row].number for row in rows)
            return RecordGroup(None, Remarks(), lines=lines, why=str(bad))
        return RecordGroup(None, Remarks(), record, record.lines)

    async def start(self) -> None:
        """Nothing has to be known before the first."""

    async def bring(self, group: ParsedGroup) -> ProductOutcome:
        """Bring one in, or find out what that would change."""
        assert isinstance(group, RecordGroup)
        rows, title = len(group.lines), self._title(group)
        brought = Brought("skipped", words=group.why)
        try:
            async with database.transaction():
                if group.record is not None:
                    brought = await self._brought(group.record)
                if self.rehearses:
                    raise Rehearsed
        except Refusal as refusal:
            brought = Brought("skipped", words=str(refusal))
        except Rehearsed:
            pass
        step = ProductOutcome(group.lines[0], title, brought.what, brought.fields, brought.words)
        step.changed_rows = rows * (brought.what != "the same")
        step.notes = brought.notes
        return step

    async def bring_all(self, groups: Sequence[ParsedGroup]) -> list[ProductOutcome]:
        return [await self.bring(group) for group in groups]

    async def _brought(self, record: CustomerRecord | OrderRecord) -> Brought:
        if isinstance(record, OrderRecord):
            return await old_orders.bring(record, run=self.run, file=self.name)
        return await customer_import.bring(record, run=self.run, file=self.name)

    def _title(self, group: RecordGroup) -> str:
        if isinstance(group.record, CustomerRecord):
            return group.record.email
        return group.record.number if group.record is not None else ""

    def take(self, group: ParsedGroup, step: ProductOutcome) -> None:
        self.outcome.take(step, group.remarks)

    async def finish(self) -> list[ProductOutcome]:
        if self.by is not None and not self.rehearses and self.outcome.changed_rows:
            after = {"rows": self.outcome.rows, "changed": self.outcome.changed_rows}
            await audit.record(self.by, f"{self.kind} imported", "import", self.name, after=after)
        return []
