"""What an import has come to, product by product."""

from dataclasses import dataclass, field
from uuid import UUID

from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.product_files import product_words
from components.product_files.applying.apply import AppliedProduct
from components.product_files.parsed_products import ParsedProduct


@dataclass(slots=True)
class ProductOutcome:
    """One product or group of the file: `what` is "new" (then `words` says what it is), "changed" (then `fields` says
    what), "the same", "skipped" (then `words` says why), "unread" when no line of it can be read, or a "note".

    `changed_rows` counts the lines that changed something, and of a skipped product all its lines. `variants` are by
    line.
    """

    line: int
    title: str
    what: str
    fields: tuple[str, ...] = ()
    words: str = ""
    changed_rows: int = 0
    product: UUID | None = field(default=None, compare=False)
    variants: dict[int, UUID] = field(default_factory=dict, compare=False)
    notes: list[str] = field(default_factory=list)

    @property
    def fields_in_words(self) -> list[str]:
        """As the product's page calls them."""
        return [_IN_WORDS.get(one, one) for one in self.fields]


_IN_WORDS = {"vendor": "brand", "kind": "product type", "option_names": "options"}


@dataclass(slots=True)
class ImportResult:
    """`told` are the imported products, `troubles` skipped lines, `notes` remarks about imported lines."""

    name: str
    source: str
    rows: int
    changed_rows: int = 0
    skipped_rows: int = 0
    told: list[ProductOutcome] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)
    product_ids: set[UUID] = field(default_factory=set)

    def count(self, what: str) -> int:
        return sum(one.what == what for one in self.told)

    def take(self, step: ProductOutcome, remarks: Remarks | None = None) -> None:
        if remarks is not None:
            self.troubles += remarks.troubles
            self.skipped_rows += len(remarks.troubles)
            self.notes += remarks.notes
        self.notes += [Trouble(step.line, words) for words in step.notes]
        if step.what == "skipped":
            self.troubles.append(Trouble(step.line, step.words))
            self.skipped_rows += step.changed_rows
        elif step.what != "unread":
            self.told.append(step)
            self.changed_rows += step.changed_rows
            if step.product is not None:
                self.product_ids.add(step.product)


def skipped(wanted: ParsedProduct, words: str) -> ProductOutcome:
    """A product that is left out, with all its lines."""
    line, rows = wanted.lines[0].number, len(wanted.lines)
    return ProductOutcome(line, wanted.details.title or wanted.key, "skipped", words=words, changed_rows=rows)


def applied(wanted: ParsedProduct, placed: AppliedProduct) -> ProductOutcome:
    what = "new" if placed.is_new else "changed" if placed.changed else "the same"
    return ProductOutcome(
        line=wanted.lines[0].number,
        title=wanted.details.title or wanted.key,
        what=what,
        fields=tuple(sorted(placed.fields)) if what == "changed" else (),
        words=product_words.said(wanted) if what == "new" else "",
        changed_rows=len(placed.changed),
        product=placed.product_id,
        variants=placed.variant_ids,
        notes=placed.notes,
    )
