"""The catalogue as shown and sold: immutable values, built once per change and shared by all requests."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.languages.words import N_


@dataclass(frozen=True, slots=True)
class Sale:
    """A lower price from one instant to another (half-open); a missing end is open.

    `lowest_before` is the lowest price for everybody in the 30 days before it began, in minor units as `price`.
    """

    price: int
    from_at: datetime | None
    until: datetime | None
    words: str = N_("Sale price")
    lowest_before: int | None = None

    def is_on(self, at: datetime) -> bool:
        return (self.from_at is None or self.from_at <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class PictureView:
    id: UUID
    path: str
    alt: str
    width: int
    height: int
    variant_id: UUID | None

    @property
    def is_elsewhere(self) -> bool:
        """Only its address is known here, so the shop does not show it."""
        return not self.width


@dataclass(frozen=True, slots=True)
class VariantView:
    """`price` and `compare_at` in minor units; `available` is None when the stock is unlimited.

    `on_shelf` is how many can be packed now, also of what is sold when it is out; None where the stock is not counted.

    `lowest_before` is the lowest price of the 30 days before `price` came to be below `compare_at`. `early_left` is the
    remaining early access quota; None when there is no quota. `members_only`: nobody but a member may ever buy it, so
    its `price` is never a non-member's alternative.
    """

    id: UUID
    product_id: UUID
    sku: str | None
    title: str
    options: tuple[str, ...]
    price: int
    compare_at: int | None
    sales: tuple[Sale, ...]
    available: int | None
    needs_delivery: bool
    is_taxable: bool
    collection_ids: frozenset[UUID]
    lowest_before: int | None = None
    early_left: int | None = None
    barcode: str = ""
    tax_category: str = "standard"
    weight_grams: int = 0
    on_shelf: int | None = None
    shares_sku: bool = False

    @property
    def taxed_as(self) -> str:
        """The tax category that counts: goods that are not taxable are exempt."""
        return self.tax_category if self.is_taxable else "exempt"

    @property
    def available_early(self) -> int | None:
        """How many units are available in early access; None for no limit."""
        return min((one for one in (self.available, self.early_left) if one is not None), default=None)

    members_only: bool = False

    @property
    def is_in_stock(self) -> bool:
        return self.available is None or self.available > 0

    def price_at(self, at: datetime) -> int:
        """A guest's price at this instant."""
        return min((self.price, *(sale.price for sale in self.sales if sale.is_on(at))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFields:
    """What is said of a product and shown of it: the fields that `ProductDetails`, as staff, imports and the demo say
    them, and `ProductView` have in common. Each is the column of its name."""

    title: str
    description: str = ""
    vendor: str = ""
    kind: str = ""
    tags: tuple[str, ...] = ()
    option_names: tuple[str, ...] = ()
    public_from: datetime | None = None
    members_only: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductView(ProductFields):
    """An active product with its variants in order. `stamp` grows with every change of the product."""

    id: UUID
    slug: str
    created_at: datetime
    variants: tuple[VariantView, ...]
    pictures: tuple[PictureView, ...]
    collection_ids: frozenset[UUID]
    stamp: int

    @property
    def is_in_stock(self) -> bool:
        return any(variant.is_in_stock for variant in self.variants)

    @property
    def has_some_early(self) -> bool:
        """Whether a unit is still available in early access."""
        return any(variant.available_early != 0 for variant in self.variants)

    @property
    def lead(self) -> VariantView:
        """The variant shown on a card: the cheapest in stock, else the cheapest."""
        return min(self.variants, key=lambda variant: (not variant.is_in_stock, variant.price))

    @property
    def has_one_price(self) -> bool:
        return len({(variant.price, variant.sales) for variant in self.variants}) == 1

    @property
    def is_dated(self) -> bool:
        """Whether anything about it changes with time alone."""
        return self.public_from is not None or any(variant.sales for variant in self.variants)

    @property
    def pictures_here(self) -> tuple[PictureView, ...]:
        return tuple(picture for picture in self.pictures if not picture.is_elsewhere)

    @property
    def boundaries(self) -> frozenset[datetime]:
        """The instants at which a sale of this product begins or ends."""
        sales = [sale for variant in self.variants for sale in variant.sales]
        return frozenset(instant for sale in sales for instant in (sale.from_at, sale.until) if instant is not None)


@dataclass(frozen=True, slots=True)
class CollectionView:
    """`sort` is the order its list begins with. `order` has the products that staff arranged; the others come after."""

    id: UUID
    slug: str
    title: str
    description: str
    position: int
    is_listed: bool
    sort: str = "shelf"
    order: tuple[UUID, ...] = ()
