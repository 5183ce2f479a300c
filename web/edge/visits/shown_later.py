"""A page that was fetched ahead and is shown now: the browser says so, since its request was not counted."""

from typing import Any
from urllib.parse import parse_qs

from litestar import Controller, Request, Response, post

from components.behaviour import visit_consents
from components.catalog.snapshot import snapshot_refresh
from components.content import articles
from components.foundation.refusals import Refusal
from web.edge import asked_language
from web.edge.visits import view_counting
from web.forms.fields import Text
from web.forms.form import Form
from web.guards import anyone
from web.shop.counted import Counted
from web.views import visitor_of


class ShownForm(Form):
    path = Text("Path", longest=2000)


class ShownLaterController(Controller):
    path = "/seen"
    guards = [anyone]

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[None]:
        """Counts it as if it were asked for now; nothing for what is not there. Always an empty answer."""
        form, headers = await ShownForm.read(request), dict(request.scope["headers"])
        if form.is_valid and visit_consents.is_counting() and view_counting.is_somebody(request.scope, headers):
            seen = await _seen(request, form.path)
            if seen is not None:
                view_counting.count(request.scope, headers | {b"referer": b""}, seen)
        return Response(None, status_code=204, headers={"Cache-Control": "no-store"})


async def _seen(request: Request[Any, Any, Any], address: str) -> Counted | None:
    path, _, query = address.partition("?")
    of: dict[str, Any] = {"method": "GET", "path": path}
    asked_language.take_from_address(of)
    if of["path"] == "/search":
        words = parse_qs(query).get("q", [""])[0].strip()[:200]
        return Counted("search", words) if words else None
    seen = view_counting.page_of(of["path"])
    return seen if seen and await _is_there(request, seen) else None


async def _is_there(request: Request[Any, Any, Any], seen: Counted) -> bool:
    """Anybody can send this: what nobody can have seen is not counted."""
    snapshot, visitor = snapshot_refresh.snapshot(), visitor_of(request)
    if seen.kind == "product":
        return snapshot.product(seen.subject) is not None
    if seen.kind == "collection":
        return snapshot.collection(seen.subject) is not None
    if seen.kind == "article":
        try:
            await articles.by_slug(seen.subject, visitor.standing, visitor.at)
        except Refusal:
            return False
    return True
