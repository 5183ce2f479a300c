"""A page of products as a list, a collection and the search share it: the list page's own questions, in JSON."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar.params import QueryParameter

from components import catalog
from components.catalog import Browsing, CollectionView, ProductView
from web.api.amounts import Price
from web.api.pictures import Picture, first_picture
from web.api.problems import WrongFields
from web.api.selling import Selling
from web.forms import Amount as AmountField
from web.forms import Wrong
from web.shop import addresses, cards, descriptions
from web.shop.looks import Look

Sort = Annotated[
    Literal["shelf", "new", "price", "price-down", "name"],
    QueryParameter(name="sort", description="The order: featured, newest, by price or by name."),
]
Least = Annotated[str, QueryParameter(name="least", max_length=20, description="The lowest price for a guest: 12.50")]
Most = Annotated[str, QueryParameter(name="most", max_length=20, description="The highest price for a guest: 40")]
InStock = Annotated[bool, QueryParameter(name="stock", description="Only products in stock.")]
Number = Annotated[int, QueryParameter(name="page", ge=1, le=1_000_000, description="The page; each has 24 products.")]


class ListedProduct(msgspec.Struct, frozen=True, kw_only=True):
    """`price` is that of the variant which costs whoever asks least; `has_range`: others cost more."""

    id: UUID
    slug: str
    url: str
    title: str
    summary: str
    picture: Picture | None
    price: Price
    has_range: bool
    in_stock: bool
    selling: Selling


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """`total` products are seen by whoever asks; `next` leads to the next page."""

    products: tuple[ListedProduct, ...]
    total: int
    page: int
    pages: int
    next: str | None


def asked(
    *, sort: str, least: str, most: str, stock: bool, page: int, collection: CollectionView | None, words: str = ""
) -> Browsing:
    """The catalogue's own question. Raises `WrongFields` for an amount that is none."""
    wrong: dict[str, str] = {}
    bounds = {name: _amount(name, written, wrong) for name, written in (("least", least), ("most", most))}
    if wrong:
        raise WrongFields(wrong)
    return Browsing(
        collection_id=collection.id if collection else None,
        in_stock=stock,
        sort=sort,
        page=page,
        words=words,
        **bounds,
    )


def shelf(browsing: Browsing, look: Look, *, path: str, query: list[tuple[str, str]]) -> Shelf:
    found = catalog.browse(catalog.snapshot(), browsing, look.access, look.at)
    rest = [pair for pair in query if pair[0] != "page"]
    further = urlencode([*rest, ("page", str(found.number + 1))])
    return Shelf(
        products=tuple(_listed(product, look) for product in found.products),
        total=found.total,
        page=found.number,
        pages=found.pages,
        next=addresses.absolute(f"{path}?{further}") if found.number < found.pages else None,
    )


def collection_named(slug: str) -> CollectionView | None:
    """Raises `WrongFields` for a name that is none."""
    if not slug:
        return None
    found = catalog.snapshot().collection(slug)
    if found is None:
        raise WrongFields({"collection": "We couldn’t find this collection."})
    return found


def _listed(product: ProductView, look: Look) -> ListedProduct:
    return ListedProduct(
        id=product.id,
        slug=product.slug,
        url=addresses.of_product(product),
        title=product.title,
        summary=descriptions.plain(product.description),
        picture=first_picture(product),
        price=Price.of(look.prices(cards.lead(product, look))),
        has_range=not product.has_one_price,
        in_stock=product.is_in_stock,
        selling=Selling.of(look.standing(product), product, look),
    )


def _amount(name: str, written: str, wrong: dict[str, str]) -> Any:
    if not written.strip():
        return None
    try:
        return AmountField(name).read(written.strip())
    except Wrong as trouble:
        wrong[name] = str(trouble)
        return None
