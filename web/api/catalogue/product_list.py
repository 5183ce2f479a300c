"""A page of products, shared by the list, a collection and the search: the parameters of the list page, in JSON."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar.params import QueryParameter

from components.catalog import product_list
from components.catalog.product_list import BrowseQuery
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import CollectionView, ProductView
from web.api.amounts import ApiPrice
from web.api.catalogue.availability import Selling
from web.api.catalogue.pictures import ApiPicture, first_picture
from web.api.problems import WrongFields
from web.forms.fields import Wrong
from web.forms.numbers import AmountField
from web.shop import public_urls
from web.shop.products import cards, descriptions
from web.shop.viewer import Viewer

Sort = Annotated[
    Literal["shelf", "new", "price", "price-down", "name"],
    QueryParameter(name="sort", description="The order: featured, newest, by price or by name."),
]
Least = Annotated[str, QueryParameter(name="least", max_length=20, description="The lowest price for a guest: 12.50")]
Most = Annotated[str, QueryParameter(name="most", max_length=20, description="The highest price for a guest: 40")]
InStock = Annotated[bool, QueryParameter(name="stock", description="Only products in stock.")]
Number = Annotated[int, QueryParameter(name="page", ge=1, le=1_000_000, description="The page; each has 24 products.")]


class ListedProduct(msgspec.Struct, frozen=True, kw_only=True):
    """`price` is that of the variant cheapest for the caller; `has_range`: others cost more."""

    id: UUID
    slug: str
    url: str
    title: str
    summary: str
    picture: ApiPicture | None
    price: ApiPrice
    has_range: bool
    in_stock: bool
    selling: Selling


class ApiProductPage(msgspec.Struct, frozen=True, kw_only=True):
    """`total` is the number of products the caller can see; `next` leads to the next page."""

    products: tuple[ListedProduct, ...]
    total: int
    page: int
    pages: int
    next: str | None


def query_of(
    *, sort: str, least: str, most: str, stock: bool, page: int, collection: CollectionView | None, words: str = ""
) -> BrowseQuery:
    """The catalogue's own query. Raises `WrongFields` for an invalid amount."""
    wrong: dict[str, str] = {}
    bounds = {name: _amount(name, written, wrong) for name, written in (("least", least), ("most", most))}
    if wrong:
        raise WrongFields(wrong)
    return BrowseQuery(
        collection_id=collection.id if collection else None,
        in_stock=stock,
        sort=sort,
        page=page,
        words=words,
        **bounds,
    )


def product_page(browsing: BrowseQuery, viewer: Viewer, *, path: str, query: list[tuple[str, str]]) -> ApiProductPage:
    found = product_list.browse(snapshot_refresh.snapshot(), browsing, viewer.access, viewer.at)
    rest = [pair for pair in query if pair[0] != "page"]
    further = urlencode([*rest, ("page", str(found.number + 1))])
    return ApiProductPage(
        products=tuple(_listed(product, viewer) for product in found.products),
        total=found.total,
        page=found.number,
        pages=found.pages,
        next=public_urls.absolute(f"{path}?{further}") if found.number < found.pages else None,
    )


def collection_named(slug: str) -> CollectionView | None:
    """Raises `WrongFields` for an unknown slug."""
    if not slug:
        return None
    found = snapshot_refresh.snapshot().collection(slug)
    if found is None:
        raise WrongFields({"collection": "We couldn’t find this collection."})
    return found


def _listed(product: ProductView, viewer: Viewer) -> ListedProduct:
    return ListedProduct(
        id=product.id,
        slug=product.slug,
        url=public_urls.of_product(product),
        title=product.title,
        summary=descriptions.plain(product.description),
        picture=first_picture(product),
        price=ApiPrice.of(viewer.prices(cards.lead_variant(product, viewer))),
        has_range=not product.has_one_price,
        in_stock=product.is_in_stock,
        selling=Selling.of(viewer.standing(product), product, viewer),
    )


def _amount(name: str, written: str, wrong: dict[str, str]) -> Any:
    if not written.strip():
        return None
    try:
        return AmountField(name).read(written.strip())
    except Wrong as trouble:
        wrong[name] = str(trouble)
        return None
