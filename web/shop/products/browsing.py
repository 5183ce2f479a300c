"""The list shared by /products, a collection and the search: filters from the address, products, pages."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Request
from markupsafe import Markup

from components.catalog import product_list
from components.catalog.product_list import BrowseQuery
from components.catalog.search.sort_indexes import SORTS
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import CollectionView
from components.foundation.formatting import number
from components.foundation.languages.words import N_, n_, p_
from web import templating
from web.forms.fields import Choice, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole
from web.pager import Pager
from web.shop.products import cards
from web.shop.viewer import Viewer

KEPT_GRIDS = 300
SORT_CHOICES = tuple((name, words) for name, (words, _) in SORTS.items())


class BrowseForm(Form):
    """From the address; invalid values are ignored."""

    sort = Choice(N_("Sort by"), SORT_CHOICES, required=False)
    least = AmountField(N_("Price from"), required=False)
    most = AmountField(N_("Price to"), required=False)
    stock = Tick(N_("In stock only"))
    page = Whole("Page", least=1, required=False)
    collection = Text("Collection", required=False)
    q = Text("Search for", required=False)


@dataclass(frozen=True, slots=True)
class FilterLink:
    words: str
    href: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """`shelf` is rendered HTML; `clear` leads to the same list without filters when any are set."""

    form: BrowseForm
    action: str
    pills: tuple[FilterLink, ...]
    shelf: Markup
    total: int
    count: str
    pager: Pager
    clear: str | None


_grids: OrderedDict[tuple[object, ...], Markup] = OrderedDict()


def grid(request: Request[Any, Any, Any], viewer: Viewer, *, action: str, collection: CollectionView | None) -> Markup:
    """Filters, products and pages, rendered once for everybody who sees the same at this address."""
    asked = (request.scope["path"], request.scope["query_string"])
    key = (*asked, snapshot_refresh.snapshot().version, viewer.key)
    if key in _grids:
        _grids.move_to_end(key)
        return _grids[key]
    found = _listing(request, viewer, action=action, collection=collection)
    drawn = Markup(templating.render("shop/products/_listing.html", {"listing": found}))
    _grids[key] = drawn
    if len(_grids) > KEPT_GRIDS:
        _grids.popitem(last=False)
    return drawn


def total(request: Request[Any, Any, Any], viewer: Viewer) -> int:
    """How many products this search finds; the list is known already."""
    browsing = BrowseQuery(page=1, sort="shelf", words=BrowseForm.of_query(request).q)
    return product_list.browse(snapshot_refresh.snapshot(), browsing, viewer.access, viewer.at).total


def _listing(
    request: Request[Any, Any, Any], viewer: Viewer, *, action: str, collection: CollectionView | None
) -> Listing:
    form = BrowseForm.of_query(request)
    snapshot = snapshot_refresh.snapshot()
    if collection is None and form.collection:
        collection = snapshot.collection(form.collection)
    browsing = BrowseQuery(
        collection_id=collection.id if collection else None,
        least=form.least,
        most=form.most,
        in_stock=form.stock,
        sort=form.sort or "shelf",
        page=form.page or 1,
        words=form.q if action == "/search" else "",
    )
    found = product_list.browse(snapshot, browsing, viewer.access, viewer.at)
    asked = _asked(form)
    return Listing(
        form=form,
        action=action,
        pills=_pills(product_list.collections_with_products(snapshot, viewer.access, viewer.at), collection, action),
        shelf=cards.card_grid(found.products, viewer),
        total=found.total,
        count=n_("%(num)s product", "%(num)s products", found.total, num=number(found.total)),
        pager=Pager(page=found.number, pages=found.pages, path=action, query=dict(asked)),
        clear=_clear(action, form) if {name for name, _ in asked} - {"sort", "q"} else None,
    )


def _asked(form: BrowseForm) -> tuple[tuple[str, str], ...]:
    """The parameters in the address besides the page, as written."""
    names = ("q", "collection", "sort", "least", "most", "stock")
    return tuple((name, form.typed[name][0]) for name in names if form.typed[name] and form.typed[name][0])


def _clear(action: str, form: BrowseForm) -> str:
    return f"{action}?{urlencode({'q': form.q})}" if action == "/search" and form.q else action


def _pills(collections: Sequence[CollectionView], here: CollectionView | None, action: str) -> tuple[FilterLink, ...]:
    if action == "/search":
        return ()
    listed = (FilterLink(each.title, f"/collections/{each.slug}", each == here) for each in collections)
    return (FilterLink(p_("all products", "All"), "/products", here is None), *listed)
