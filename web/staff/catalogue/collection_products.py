"""The products of one collection: found and added many at once, taken out, and put into an order of their own."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.products import admin_products, collection_filling
from components.catalog.products.admin_products import StoredCollection
from components.catalog.products.collection_filling import CollectionCandidatePage
from components.catalog.snapshot import snapshot_refresh
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.forms.sending import SentForm, read_body
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice, with_refusal
from web.shop.line_pictures import LinePicture, picture_of
from web.views import View, page

LONGEST_SEARCH = 100
FURTHEST_PLACE = 100_000
TICK_SOME = "Tick the products first."


@dataclass(frozen=True, kw_only=True)
class CollectionProductsPage(View):
    """`found` is None until something was searched for, "" included. `at`: where its forms are sent."""

    template: ClassVar[str] = "staff/catalogue/collections/products.html"

    collection: StoredCollection
    inside: CollectionCandidatePage
    inside_pages: Pager
    found: CollectionCandidatePage | None
    found_pages: Pager | None
    words: str
    at: str
    thumbs: dict[str, LinePicture | None]


class StaffCollectionProductsController(Controller):
    path = "/staff/collections/{slug:str}/products"
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept = await admin_products.collection_by_id(slug)
        asked, at = request.query_params.get("q"), f"/staff/collections/{slug}/products"
        words = " ".join((asked or "").replace("\x00", "").split())[:LONGEST_SEARCH]
        number = page_asked(request)
        inside = await collection_filling.inside(kept.id, page=number if asked is None else 1)
        found = found_pages = None
        if asked is not None and not kept.is_ruled:
            found = await collection_filling.found(kept.id, words, page=number)
            found_pages = Pager(page=found.page, pages=found.pages, path=at, query={"q": words or " "})
        known = snapshot_refresh.snapshot()
        listed = (*inside.products, *(found.products if found else ()))
        view = CollectionProductsPage(
            collection=kept,
            inside=inside,
            inside_pages=Pager(page=inside.page, pages=inside.pages, path=at),
            found=found,
            found_pages=found_pages,
            words=words,
            at=at,
            thumbs={each.slug: picture_of(known.product(each.slug), None) for each in listed},
        )
        return page(request, view)

    @post()
    async def change(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        """One of its buttons: add, add_all, remove or arrange."""
        kept, sent, by = await admin_products.collection_by_id(slug), await read_body(request), person_id_of(request)
        ticked, words = _ticked(sent), _text(sent, "q")
        try:
            if "add_all" in sent:
                changed = await collection_filling.add_all_found(kept.id, words, by=by)
                said = f"{_products(len(changed))} added."
            elif "arrange" in sent:
                places = _places(sent)
                await collection_filling.arrange(kept.id, places, by=by)
                changed, said = tuple(places), "Arranged. Its list now begins with this order."
            elif not ticked:
                return with_refusal(_back(slug, sent), TICK_SOME)
            elif "remove" in sent:
                changed = await collection_filling.remove(kept.id, ticked, by=by)
                said = f"{_products(len(changed))} taken out."
            else:
                changed = await collection_filling.add(kept.id, ticked, by=by)
                said = f"{_products(len(changed))} added."
        except Refusal as refusal:
            return with_refusal(_back(slug, sent), str(refusal))
        await snapshot_refresh.catch_up(changed)
        return with_notice(_back(slug, sent), said)


def _back(slug: str, sent: SentForm) -> Response[Any]:
    """To where the button was: the search and its page, or the page of what is in it."""
    query = {"q": _text(sent, "q") or " "} if "q" in sent else {}
    number = _text(sent, "page")
    at = Pager(page=1, pages=1, path=f"/staff/collections/{slug}/products", query=query)
    return see_other(at.url(int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1))


def _ticked(sent: SentForm) -> tuple[UUID, ...]:
    found = (_uuid(one) for one in sent.getall("product"))
    return tuple(dict.fromkeys(one for one in found if one))


def _places(sent: SentForm) -> dict[UUID, int]:
    """`place-<id>`: a number, or nothing for those that come after."""
    found = {}
    for name in sent:
        product_id = _uuid(name.removeprefix("place-")) if name.startswith("place-") else None
        typed = _text(sent, name)
        if product_id and (not typed or (typed.isascii() and typed.isdecimal())):
            found[product_id] = min(int(typed[:9] or 0), FURTHEST_PLACE)
    return found


def _uuid(typed: Any) -> UUID | None:
    try:
        return UUID(typed)
    except (ValueError, AttributeError, TypeError):
        return None


def _text(sent: SentForm, name: str) -> str:
    value = sent.get(name)
    return " ".join(value.replace("\x00", "").split())[:LONGEST_SEARCH] if isinstance(value, str) else ""


def _products(count: int) -> str:
    return f"{count:,} product{'' if count == 1 else 's'}"
