"""Pictures of products, under names made from their content, so that browsers can cache them indefinitely.

A picture of a hidden product is hidden too. Staff see all; journal, pages and home page may show one before its
product. One that only articles for members have is for those who may read one of them.
"""

import asyncio
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.catalog.pictures import picture_access, pictures
from components.catalog.pictures.picture_access import Audience
from components.content import articles
from components.content.pages import published_pages
from components.content.site import site_content
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from web.guards import anyone
from web.views import visitor_of
from web.visitor import Visitor

FOR_EVER = "public, max-age=31536000, immutable"
FOR_ONE = "private, no-store"


class PictureController(Controller):
    path = "/pictures"
    guards = [anyone]

    @get("/{name:str}")
    async def show(self, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
        path, visitor = await pictures.find_file(name), visitor_of(request)
        audience = await _audience(name, visitor) if path else Audience.NOBODY
        if path is None or (audience is Audience.NOBODY and not await _may_all_the_same(name, visitor)):
            raise NotFound(_("There is no such picture."))
        is_for_all = audience is Audience.EVERYBODY or site_content.current().shows(name.rpartition("-")[0])
        cache_control = FOR_EVER if is_for_all else FOR_ONE
        content = await asyncio.to_thread(path.read_bytes)
        return Response(content, media_type="image/webp", headers={"Cache-Control": cache_control})


async def _audience(name: str, visitor: Visitor) -> Audience:
    audience = await picture_access.audience(name, visitor.access, visitor.at)
    if audience is not Audience.NOT_OF_A_PRODUCT:
        return audience
    is_for_members = await articles.only_members_see(name.rpartition("-")[0])
    return Audience.NOBODY if is_for_members else Audience.EVERYBODY


async def _may_all_the_same(name: str, visitor: Visitor) -> bool:
    digest = name.rpartition("-")[0]
    if visitor.is_staff or site_content.current().shows(digest) or await published_pages.show(digest):
        return True
    return await articles.articles_showing(digest, visitor.standing, visitor.at)
