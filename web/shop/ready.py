"""Pages that depend on nothing but the shelves, drawn once for all who see the same, and sent again as they are."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from litestar import Request, Response

from components import catalog
from components.memberships import shelf
from web.replies import FLASH
from web.shop.looks import Look
from web.views import View, page, visitor_of, wants_partial
from web.visitor import Frame

KEPT = 300
_pages: OrderedDict[tuple[object, ...], tuple[bytes, dict[str, str]]] = OrderedDict()


def answer(request: Request[Any, Any, Any], look: Look, make: Callable[[], View]) -> Response[Any]:
    """The page that `make` describes, which may use the catalogue, the plans, this look and the address, and no more.

    Kept until one of those changes, for all visitors with this look and the same frame (see `Frame`). Whoever has a
    flash to read or is a preview gets a page of her own.
    """
    visitor = visitor_of(request)
    if visitor.preview is not None or FLASH in request.cookies:
        return page(request, make())
    frame = Frame.of(visitor)
    asked = (request.scope["path"], request.scope["query_string"], wants_partial(request))
    key = (*asked, catalog.snapshot().version, shelf.current().version, look.key, frame)
    kept = _pages.get(key)
    if kept is None:
        made = page(request, make(), frame=frame)
        if made.status_code == 200:
            _keep(key, made)
        return made
    _pages.move_to_end(key)
    body, headers = kept
    tag = headers.get("ETag")
    if tag is not None and request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def _keep(key: tuple[object, ...], made: Response[Any]) -> None:
    _pages[key] = (made.content, dict(made.headers))
    if len(_pages) > KEPT:
        _pages.popitem(last=False)
