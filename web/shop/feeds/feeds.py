"""The journal as an Atom feed: whole articles for those who may read them, teasers for everybody else."""

from typing import Any

from litestar import Controller, Request, Response, get

from components.content import articles
from components.foundation import settings
from web import templating
from web.guards import anyone
from web.views import visitor_of


class FeedController(Controller):
    path = "/feed.xml"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        entries = await articles.feed(visitor.standing, visitor.at)
        updated = max((entry.article.changed_at for entry in entries), default=visitor.at.replace(microsecond=0))
        context = {"entries": entries, "updated": updated, "install_id": settings.current().install_id}
        written = templating.render("shop/feeds/show.xml", context)
        response = Response(written.encode(), media_type="application/atom+xml; charset=utf-8")
        response.headers["Cache-Control"] = "private, no-store" if visitor.is_signed_in else "public, max-age=300"
        response.headers["Vary"] = "Cookie"
        return response
