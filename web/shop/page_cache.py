"""Pages that depend only on the catalogue, rendered once for all visitors who see the same, and cached.

The edge sends them: a repeated page needs no router, guards or template.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response

from components.catalog.snapshot import snapshot_refresh
from components.content.site import site_content
from components.foundation import practice_time
from components.memberships.plans import plan_cache, plan_offers
from web.replies import FLASH
from web.shop.viewer import Viewer
from web.views import View, page, visitor_of
from web.visitor import Frame, Visitor

KEPT = 300
Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class CachedPage:
    """`handler` is the route that rendered it, for the metrics; `tag` is its ETag."""

    body: bytes
    headers: list[Header]
    tag: bytes | None
    handler: Any

    async def send(self, send: Any, asked_with: bytes | None) -> None:
        """The page, or a 304 when it has not changed."""
        is_known = self.tag is not None and asked_with == self.tag
        status, body = (304, b"") if is_known else (200, self.body)
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*self.headers, length]})
        await send({"type": "http.response.body", "body": body})


_pages: OrderedDict[tuple[object, ...], CachedPage] = OrderedDict()


def cached(scope: Any, headers: dict[bytes, bytes], visitor: Visitor, has_flash: bool) -> CachedPage | None:
    """The page that was rendered for somebody who sees the same at this address."""
    if scope["method"] != "GET" or visitor.preview is not None or has_flash:
        return None
    found = _pages.get(key := _key(scope, headers, visitor, Viewer.of(visitor)))
    if found is not None:
        _pages.move_to_end(key)
    return found


def respond(request: Request[Any, Any, Any], viewer: Viewer, make: Callable[[], View]) -> Response[Any]:
    """The page that `make` describes, which may use only the catalogue, the plans, this viewer and the address.

    The page must be open to everybody. It is cached until one of these changes, for all visitors with an equal viewer
    and the same frame (see `Frame`). Visitors with a flash message and previews get a page of their own.
    """
    visitor = visitor_of(request)
    if visitor.preview is not None or FLASH in request.cookies:
        return page(request, make())
    made = page(request, make(), frame=Frame.of(visitor))
    if made.status_code == 200:
        _keep(
            _key(request.scope, dict(request.scope["headers"]), visitor, viewer), made, request.scope["route_handler"]
        )
    return made


def _key(scope: Any, headers: dict[bytes, bytes], visitor: Visitor, viewer: Viewer) -> tuple[object, ...]:
    is_partial = headers.get(b"hx-request-type") == b"partial"
    versions = snapshot_refresh.snapshot().version, plan_cache.current().version, site_content.current().version
    banner, offers = practice_time.moving_to(), plan_offers.current()
    return (scope["path"], scope["query_string"], is_partial, *versions, viewer.key, Frame.of(visitor), banner, offers)


def _keep(key: tuple[object, ...], made: Response[Any], handler: Any) -> None:
    said = {"Content-Type": "text/html; charset=utf-8", **made.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in said.items()]
    tag = made.headers.get("ETag")
    _pages[key] = CachedPage(made.content, headers, tag.encode() if tag else None, handler)
    if len(_pages) > KEPT:
        _pages.popitem(last=False)
