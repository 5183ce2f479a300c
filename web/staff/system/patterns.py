"""The pattern library: every part that pages are made of, with sample data."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from web.guards import any_staff
from web.staff.system.pattern_fixtures import samples
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class PatternsPage(View):
    template: ClassVar[str] = "staff/system/patterns/index.html"

    cards: tuple[Any, ...]
    lines: tuple[Any, ...]
    plans: tuple[Any, ...]
    steps_of_price: tuple[Any, ...]
    pages: Any
    blank_form: Any
    wrong_form: Any
    product_form: Any
    checkout_form: Any
    tiles: tuple[Any, ...]
    gallery: tuple[Any, ...]
    hero_picture: Any
    soon: Any
    amounts: dict[str, Any]
    totals_rows: tuple[Any, ...]
    delivery_words: dict[str, Any]


class PatternsController(Controller):
    path = "/staff/patterns"
    guards = [any_staff]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        return page(request, PatternsPage(**samples()))
