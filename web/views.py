"""A view names its template, and its fields are all that the template may use, besides what every page is given."""

import hashlib
from dataclasses import fields
from typing import Any, ClassVar

from litestar import MediaType, Request, Response

from components.behaviour import visit_consents
from web import replies, templating
from web.visitor import Frame, Visitor

SECRET_IN_ADDRESS = frozenset({"token", "written"})
"""Parts of a path that only their recipient knows: what such a page shows is theirs, signed in or not."""
GIVEN_EVERYWHERE = frozenset({"visitor", "shop", "here", "flash", "asset"})


class View:
    """Subclasses are frozen dataclasses. `partial`, when named, answers htmx requests for a part of the page."""

    template: ClassVar[str]
    partial: ClassVar[str | None] = None


def visitor_of(request: Request[Any, Any, Any]) -> Visitor:
    visitor: Visitor = request.scope["visitor"]  # type: ignore[typeddict-item]
    return visitor


def wants_partial(request: Request[Any, Any, Any]) -> bool:
    return request.headers.get("hx-request-type") == "partial"


def page(
    request: Request[Any, Any, Any], view: View, *, status: int = 200, frame: Frame | None = None
) -> Response[bytes]:
    """The view as HTML. Pages for anybody carry an ETag; whatever depends on the visitor, or on a secret in its
    address, is `private, no-store`.

    With a `frame` the template knows no more of the visitor than the frame does.
    """
    name = view.partial if view.partial and wants_partial(request) else view.template
    flash = () if name == view.partial else replies.flashes(request)
    context = {known.name: getattr(view, known.name) for known in fields(view)}  # type: ignore[arg-type]
    visitor = frame or visitor_of(request)
    html = templating.render(name, {**context, "visitor": visitor, "here": request.url.path, "flash": flash})
    response = Response(html.encode(), media_type=MediaType.HTML, status_code=status)
    response.headers["Vary"] = "Cookie, HX-Request, HX-Request-Type"
    if visit_consents.keeps_visits():  # whoever's browser says no is not asked
        response.headers["Vary"] += ", Sec-GPC, DNT"
    if flash:
        replies.forget_flashes(response)
    is_theirs = not SECRET_IN_ADDRESS.isdisjoint(request.path_params)
    if visitor.is_anonymous and not is_theirs and not flash and status == 200 and request.method == "GET":
        return _shared(request, response, html)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _shared(request: Request[Any, Any, Any], response: Response[bytes], html: str) -> Response[bytes]:
    tag = f'"{hashlib.blake2b(html.encode(), digest_size=12).hexdigest()}"'
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["ETag"] = tag
    if request.headers.get("if-none-match") == tag:
        response.status_code, response.content = 304, b""
    return response
