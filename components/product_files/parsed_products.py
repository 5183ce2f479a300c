"""The parsed products of a file, with the lines they come from."""

from dataclasses import dataclass, field

from components.catalog.product_details import ProductDetails, VariantDetails
from components.product_files.csv_sheets import CsvLine


@dataclass(frozen=True, slots=True)
class Trouble:
    """A remark about a line of the file."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class ParsedPicture:
    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class ParsedVariant:
    line: CsvLine
    key: str
    details: VariantDetails
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedProduct:
    """`collections` are slug and title; `members` are keys of the products in a group."""

    key: str
    slug: str
    lines: tuple[CsvLine, ...]
    details: ProductDetails
    variants: tuple[ParsedVariant, ...]
    pictures: tuple[ParsedPicture, ...]
    collections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCollection:
    """A group of products of the same file: a grouped product in WooCommerce."""

    key: str
    line: CsvLine
    title: str
    description: str
    member_skus: tuple[str, ...]


@dataclass(slots=True)
class ParsedFile:
    products: list[ParsedProduct] = field(default_factory=list)
    sets: list[ParsedCollection] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)

    def by_line(self) -> dict[int, tuple[ParsedProduct, ParsedVariant | None]]:
        """What each line of the file asked for, by its number."""
        found: dict[int, tuple[ParsedProduct, ParsedVariant | None]] = {}
        for product in self.products:
            of_line = {variant.line.number: variant for variant in product.variants}
            found |= {line.number: (product, of_line.get(line.number)) for line in product.lines}
        return found
