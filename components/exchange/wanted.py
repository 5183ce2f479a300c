"""The parsed products of a file, with the lines they come from."""

from dataclasses import dataclass, field

from components.catalog import ProductDetails, VariantDetails
from components.exchange.sheets import Line


@dataclass(frozen=True, slots=True)
class Trouble:
    """A remark about a line of the file."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class WantedPicture:
    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class WantedVariant:
    line: Line
    key: str
    details: VariantDetails
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedProduct:
    """`collections` are slug and title; `members` are keys of the products in a group."""

    key: str
    slug: str
    lines: tuple[Line, ...]
    details: ProductDetails
    variants: tuple[WantedVariant, ...]
    pictures: tuple[WantedPicture, ...]
    collections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSet:
    """A group of products of the same file: a grouped product in WooCommerce."""

    key: str
    line: Line
    title: str
    description: str
    member_skus: tuple[str, ...]


@dataclass(slots=True)
class Reading:
    products: list[WantedProduct] = field(default_factory=list)
    sets: list[WantedSet] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)
