"""What an import has come to, product by product."""

from dataclasses import dataclass, field
from uuid import UUID

from components.product_files.parsed_products import Trouble


@dataclass(slots=True)
class ProductOutcome:
    """One product or group of the file: `what` is "new", "changed" (then `fields` says what), "the same", or "skipped"
    (then `words` says why). `variants` are by line."""

    line: int
    title: str
    what: str
    fields: tuple[str, ...] = ()
    words: str = ""
    changed_rows: int = 0
    product: UUID | None = field(default=None, compare=False)
    variants: dict[int, UUID] = field(default_factory=dict, compare=False)


@dataclass(slots=True)
class ImportResult:
    """`told` are the imported products, `troubles` skipped lines, `notes` remarks about imported lines."""

    name: str
    source: str
    rows: int
    changed_rows: int = 0
    told: list[ProductOutcome] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)
    product_ids: set[UUID] = field(default_factory=set)

    def count(self, what: str) -> int:
        return sum(one.what == what for one in self.told)

    def take(self, step: ProductOutcome) -> None:
        if step.what == "skipped":
            self.troubles.append(Trouble(step.line, step.words))
            return
        self.told.append(step)
        self.changed_rows += step.changed_rows
        if step.product is not None:
            self.product_ids.add(step.product)
