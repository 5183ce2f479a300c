"""Orders in the staff area: searching, shipping, adding notes."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components import orders
from components.foundation import settings
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.orders import OrderView, fulfilments, notes
from components.orders.listing import STATES, OrderPage
from components.orders.margins import Margin
from web.account.countries import name as country_name
from web.account.whose import person_id_of
from web.forms import Form, LongText, Text
from web.guards import staff
from web.replies import see_other, with_notice
from web.shop.cards import Shown
from web.shop.covers import cover
from web.shop.line_why import OrderLineWhy
from web.shop.lines import Line, Row, club_words, order_rows, sold_lines
from web.shop.page_numbers import PageNumbers
from web.staff.order_timeline import Event, timeline
from web.views import View, page, visitor_of

WORDS = {
    "to-ship": "Unfulfilled",
    "shipped": "Shipped",
    "refunded": "Refunded",
    "flagged": "Needs attention",
    "awaiting": "Awaiting payment",
    "lapsed": "Expired",
}
Tab = tuple[str, str, int | None]


class ShipForm(Form):
    carrier = Text("Carrier", longest=100, required=False, help="For example DHL, UPS or your national post.")
    tracking = Text("Tracking number", longest=200, required=False)


class NoteForm(Form):
    words = LongText("Note", longest=notes.LONGEST, help="Only visible to staff.", rows=3)


@dataclass(frozen=True, kw_only=True)
class StaffOrdersPage(View):
    template: ClassVar[str] = "staff/orders/index.html"
    partial: ClassVar[str | None] = "staff/orders/_list.html"

    orders: OrderPage
    thumbs: dict[UUID, Shown | None]
    tabs: list[Tab]
    tab: str
    search: str
    state: str
    pages: PageNumbers


@dataclass(frozen=True, kw_only=True)
class StaffOrderPage(View):
    template: ClassVar[str] = "staff/orders/show.html"

    order: OrderView
    lines: tuple[Line, ...]
    rows: list[Row]
    total: Money
    margin: Margin | None
    country: str
    events: tuple[Event, ...]
    ship_form: ShipForm
    note_form: NoteForm
    may_refund: bool
    may_see_person: bool


@dataclass(frozen=True, kw_only=True)
class LineOfOrder(OrderLineWhy):
    template: ClassVar[str] = "staff/orders/why.html"


class StaffOrdersController(Controller):
    path = "/staff/orders"
    guards = [staff("orders")]

    @get()
    async def index(
        self,
        request: Request[Any, Any, Any],
        show: FromQuery[str] = "",
        q: FromQuery[str] = "",
        number: FromQuery[int] = 1,
    ) -> Response[Any]:
        state = show if show in STATES else ""
        found = await orders.listing.for_staff(state=state, search=q[:100], page=number)
        counts = await orders.listing.counts()
        return page(
            request,
            StaffOrdersPage(
                orders=found,
                thumbs={row.id: cover(row.picture or "", "") for row in found.rows},
                tabs=[("All", "/staff/orders", None), *((WORDS[s], _tab(s), counts.get(s)) for s in STATES)],
                tab=_tab(state),
                search=q[:100],
                state=state,
                pages=PageNumbers(
                    page=found.number, pages=found.last, path="/staff/orders", query={"show": state, "q": q[:100]}
                ),
            ),
        )

    @get("/{number:str}")
    async def show(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        return page(request, await _page(request, await wanted(number)))

    @get("/{number:str}/lines/{n:int}/why")
    async def why(self, request: Request[Any, Any, Any], number: FromPath[str], n: FromPath[int]) -> Response[Any]:
        """The same explanation the customer reads."""
        return page(request, LineOfOrder.of(await wanted(number), n))

    @post("/{number:str}/shipment")
    async def ship(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order, form = await wanted(number), await ShipForm.read(request)
        if form.is_valid:
            try:
                await fulfilments.ship(order.id, carrier=form.carrier, tracking=form.tracking, by=person_id_of(request))
                return _back(order, f"{order.number} is marked as shipped.")
            except Refusal as refusal:
                form.refuse(None, str(refusal))
        return page(request, await _page(request, order, ship_form=form), status=422)

    @post("/{number:str}/notes")
    async def write_note(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order, form = await wanted(number), await NoteForm.read(request)
        if not form.is_valid:
            return page(request, await _page(request, order, note_form=form), status=422)
        await notes.write(order, form.words, by=person_id_of(request))
        return _back(order, "Note saved.")

    @post("/{number:str}/stock")
    async def take_stock(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        """Allocate stock to a paid order that was short of it."""
        order, form = await wanted(number), ShipForm.blank()
        try:
            await orders.take_stock(order.id, by=person_id_of(request))
        except Refusal as refusal:
            form.refuse(None, str(refusal))
            return page(request, await _page(request, order, ship_form=form), status=refusal.status)
        return _back(order, "Stock allocated. The order can be shipped now.")

    @post("/{number:str}/flag")
    async def take_flag_down(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        """Mark the problem as resolved."""
        order = await wanted(number)
        await orders.flags.take_down(order.id, by=person_id_of(request))
        return _back(order, "Marked as resolved.")


async def wanted(number: str) -> OrderView:
    order = await orders.by_number(number)
    if order is None:
        raise NotFound("There is no order with this number.")
    return order


def _tab(state: str) -> str:
    return f"/staff/orders?show={state}" if state else "/staff/orders"


def _back(order: OrderView, words: str) -> Response[Any]:
    answer: Response[Any] = with_notice(see_other(f"/staff/orders/{order.number}"), words)
    return answer


async def _page(
    request: Request[Any, Any, Any],
    order: OrderView,
    *,
    ship_form: ShipForm | None = None,
    note_form: NoteForm | None = None,
) -> StaffOrderPage:
    visitor = visitor_of(request)
    return StaffOrderPage(
        order=order,
        lines=sold_lines(order, f"/staff/orders/{order.number}"),
        rows=order_rows(order, club=club_words(settings.current().club_name)),
        total=Money(order.charged, order.currency),
        margin=await orders.margins.of(order),
        country=country_name(order.address.country),
        events=await timeline(order),
        ship_form=ship_form or ShipForm.blank(),
        note_form=note_form or NoteForm.blank(),
        may_refund=visitor.may("refunds") and order.left > 0,
        may_see_person=visitor.may("members") and isinstance(order.person, UUID),
    )
