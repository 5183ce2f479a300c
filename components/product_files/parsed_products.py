"""The parsed products of a file, with the lines they come from. Each is parsed when it is asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from components.catalog.product_details import ProductDetails, VariantDetails
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Remarks, Trouble

COUNTED = frozenset({"on_hand"})


@dataclass(frozen=True, slots=True)
class ParsedPicture:
    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class ParsedVariant:
    """`given` names the details that the file has a column for: the others stay as they are."""

    line: CsvLine
    key: str
    details: VariantDetails
    picture: str | None = None
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedProduct:
    """`collections` are slug and title; `given` as for a variant.

    The `withheld` variants are in the file, and not sold: switched off there, or without a price.
    """

    key: str
    slug: str
    lines: tuple[CsvLine, ...]
    details: ProductDetails
    variants: tuple[ParsedVariant, ...]
    pictures: tuple[ParsedPicture, ...]
    collections: tuple[tuple[str, str], ...]
    given: frozenset[str]
    withheld: tuple[ParsedVariant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCollection:
    """A group of products of the same file: a grouped product in WooCommerce."""

    key: str
    line: CsvLine
    title: str
    description: str
    member_skus: tuple[str, ...]


@dataclass(slots=True)
class ParsedGroup:
    """The lines of one product; without a `product` when nothing of them can be used."""

    product: ParsedProduct | None
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """`remarks` are about lines of no product."""

    count: int
    parse: Callable[[int], ParsedGroup]
    sets: Sequence[ParsedCollection] = ()
    remarks: Remarks = field(default_factory=Remarks)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[ParsedGroup]:
        return (self.parse(position) for position in range(self.count))

    def by_line(self) -> dict[int, tuple[ParsedProduct, ParsedVariant | None]]:
        """What each line of the file asked for, by its number."""
        found: dict[int, tuple[ParsedProduct, ParsedVariant | None]] = {}
        for product in (group.product for group in self):
            if product is not None:
                of_line = {variant.line.number: variant for variant in product.variants}
                found |= {line.number: (product, of_line.get(line.number)) for line in product.lines}
        return found


def repeats(sheet: CsvSheet, column: str, read: Callable[[str], str]) -> dict[str, int]:
    """The first line of each value that more than one line has."""
    first: dict[str, int] = {}
    found: dict[str, int] = {}
    for line in sheet.lines:
        if value := read(sheet.value(line, column)):
            before = first.setdefault(value, line.number)
            if before != line.number:
                found[value] = before
    return found


def said_again(sku: str, line: CsvLine, repeated: dict[str, int]) -> Trouble | None:
    """The note for a SKU that an earlier line has too."""
    before = repeated.get(sku, line.number)
    if before == line.number:
        return None
    return Trouble(line.number, f"The SKU “{sku}” stands in row {before} too. Both keep it.")
