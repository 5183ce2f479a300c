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
from components.product_files.applying.product_applier import Rehearsed
from components.product_files.import_result import ImportResult, ProductOutcome
from components.product_files.parsed_products import ParsedFile, ParsedGroup
from components.product_files.runs import run_kinds

Record = CustomerRecord | OrderRecord


@dataclass(slots=True)
class RecordGroup(ParsedGroup):
    """The rows of one customer or order; without a `record` when they cannot be used, and `why`."""

    record: Record | None = None
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
        (step,) = await self.bring_all([group])
        return step

    async def bring_all(self, groups: Sequence[ParsedGroup]) -> list[ProductOutcome]:
        """The same for many: none of them is the same customer or order."""
        found = [group for group in groups if isinstance(group, RecordGroup)]
        known = [group.record for group in found if group.record is not None]
        brought = iter(await self._brought(known) if known else [])
        return [self._step(one, next(brought) if one.record is not None else _unread(one)) for one in found]

    def _step(self, group: RecordGroup, brought: Brought) -> ProductOutcome:
        step = ProductOutcome(group.lines[0], self._title(group), brought.what, brought.fields, brought.words)
        step.changed_rows = len(group.lines) * (brought.what != "the same")
        step.notes = brought.notes
        return step

    async def _brought(self, records: list[Record]) -> list[Brought]:
        made: list[Brought] = []
        try:
            async with database.transaction():
                made = await self._bring(records)
                if self.rehearses:
                    raise Rehearsed
        except Rehearsed:
            pass
        except Refusal as refusal:
            if len(records) == 1:
                return [Brought("skipped", words=str(refusal))]
            return [one for record in records for one in await self._brought([record])]
        return made

    async def _bring(self, records: list[Record]) -> list[Brought]:
        if self.kind == run_kinds.ORDERS:
            orders = [record for record in records if isinstance(record, OrderRecord)]
            return await old_orders.bring_all(orders, run=self.run, file=self.name)
        customers = [record for record in records if isinstance(record, CustomerRecord)]
        return await customer_import.bring_all(customers, run=self.run, file=self.name)

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


def _unread(group: RecordGroup) -> Brought:
    return Brought("skipped", words=group.why)
