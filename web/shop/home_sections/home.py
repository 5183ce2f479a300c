"""The home page: a list of sections that staff put together; a shop where nothing was set has a finished one."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.content.site import home_editing
from web.guards import anyone
from web.shop.home_sections import home_builders
from web.shop.home_sections.home_parts import HeroPart, HomePart
from web.views import View, page, visitor_of
from web.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class HomePage(View):
    """`needs_heading`: no section has the page's heading. `is_preview`: for staff, with the hidden sections."""

    template: ClassVar[str] = "shop/home/show.html"
    parts: tuple[HomePart, ...]
    needs_heading: bool
    is_preview: bool


class HomeController(Controller):
    path = "/"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, await home_page(visitor_of(request)))


async def home_page(visitor: Visitor, *, is_preview: bool = False) -> HomePage:
    rows = [row for row in home_editing.sections() if is_preview or not row.is_hidden]
    parts = await home_builders.build(rows, visitor)
    needs_heading = not any(isinstance(part, HeroPart) for part in parts)
    return HomePage(parts=parts, needs_heading=needs_heading, is_preview=is_preview)
