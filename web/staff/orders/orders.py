"""Orders in the staff area: searching, shipping, adding notes."""

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import shop_settings
from components.invoices import invoice_list
from components.invoices.invoice_links import InvoiceLink
from components.messaging.notices import order_withdrawals
from components.messaging.notices.order_withdrawals import OrderWithdrawal
from components.old_shop import old_orders
from components.orders import completion, flags, fulfilments, margins, notes, order_list, queries
from components.orders.delivery import address_changes
from components.orders.margins import Margin
from components.orders.order_list import STATES, OrderListPage
from components.orders.views import OrderView
from components.payments import disputes
from components.payments.dispute_answers import dispute_queue, fraud_warnings
from components.payments.dispute_answers.fraud_warnings import FraudWarning
from components.payments.disputes import DisputeView
from web.countries import name as country_name
from web.current_person import person_id_of
from web.forms.fields import LongText, Text
from web.forms.form import Form
from web.forms.form_versions import Seen, is_stale, mark
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.shop.basket.line_why import OrderLineWhy
from web.shop.journal.article_images import cover
from web.shop.lines import LineView, Row, member_price_text, order_lines, order_total_rows, order_whole
from web.shop.order_details import fee_invoices
from web.shop.products.cards import CardPicture
from web.staff import net_payments
from web.staff.net_payments import NetPayment
from web.staff.orders.order_timeline import Event, timeline
from web.staff.orders.pack_by import PackBy, pack_by
from web.views import View, page, visitor_of

WORDS = {
    "to-ship": "Unfulfilled",
    "shipped": "Shipped",
    "ready": "Ready to pick up",
    "refunded": "Refunded",
    "flagged": "Needs attention",
    "awaiting": "Awaiting payment",
    "lapsed": "Expired",
}
Tab = tuple[str, str, int | None]


class ShipForm(Form):
    carrier = Text("Carrier", longest=100, required=False, help="For example DHL, UPS or your national post.")
    tracking = Text(
        "Tracking number",
        longest=200,
        required=False,
        help="A link for the customer where the carrier is one of the large ones.",
    )


class FlagForm(Form):
    seen = Seen()


class NoteForm(Form):
    words = LongText("Note", longest=notes.LONGEST, help="Only visible to staff.", rows=3)


@dataclass(frozen=True, kw_only=True)
class StaffOrdersPage(View):
    template: ClassVar[str] = "staff/orders/index.html"
    partial: ClassVar[str | None] = "staff/orders/_list.html"

    orders: OrderListPage
    thumbs: dict[UUID, CardPicture | None]
    disputed: dict[UUID, DisputeView]
    warned: frozenset[UUID]
    withdrawn: frozenset[UUID]
    tabs: list[Tab]
    tab: str
    search: str
    state: str
    filters: str
    pages: Pager
    earlier: int


@dataclass(frozen=True, kw_only=True)
class StaffOrderPage(View):
    template: ClassVar[str] = "staff/orders/show.html"

    order: OrderView
    lines: tuple[LineView, ...]
    rows: list[Row]
    total: Money
    net: NetPayment | None
    margin: Margin | None
    country: str
    invoice_country: str
    events: tuple[Event, ...]
    disputes: tuple[DisputeView, ...]
    fraud_warnings: list[FraudWarning]
    flag_seen: str
    withdrawals: tuple[OrderWithdrawal, ...]
    ship_form: ShipForm
    note_form: NoteForm
    may_refund: bool
    may_see_person: bool
    pack_by: PackBy | None
    may_change_address: bool
    invoices: tuple[InvoiceLink, ...]
    fee_invoices: tuple[InvoiceLink, ...]


@dataclass(frozen=True, kw_only=True)
class StaffOrderLine(OrderLineWhy):
    template: ClassVar[str] = "staff/orders/why.html"


class StaffOrdersController(Controller):
    path = "/staff/orders"
    guards = [staff("orders")]

    @get()
    async def index(
        self, request: Request[Any, Any, Any], show: FromQuery[str] = "", q: FromQuery[str] = ""
    ) -> Response[Any]:
        state = show if show in STATES else ""
        found = await order_list.for_staff(state=state, search=q[:100], page=page_asked(request))
        counts = await order_list.counts()
        return page(
            request,
            StaffOrdersPage(
                orders=found,
                disputed=await dispute_queue.standing(row.id for row in found.rows),
                warned=await fraud_warnings.waiting_on(row.id for row in found.rows),
                withdrawn=await order_withdrawals.waiting_on(found.rows),
                thumbs={row.id: cover(row.picture or "", "") for row in found.rows},
                tabs=[("All", "/staff/orders", None), *((WORDS[s], _tab(s), counts.get(s)) for s in STATES)],
                tab=_tab(state),
                search=q[:100],
                state=state,
                filters=_filters(state, q[:100]),
                pages=Pager(
                    page=found.number, pages=found.last, path="/staff/orders", query={"show": state, "q": q[:100]}
                ),
                earlier=await old_orders.matching(q[:100]),
            ),
        )

    @get("/{number:str}")
    async def show(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        return page(request, await _page(request, await requested_order(number)))

    @get("/{number:str}/lines/{n:int}/why")
    async def why(self, request: Request[Any, Any, Any], number: FromPath[str], n: FromPath[int]) -> Response[Any]:
        """The same explanation the customer reads."""
        return page(request, StaffOrderLine.of(await requested_order(number), n))

    @post("/{number:str}/shipment")
    async def ship(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order, form = await requested_order(number), await ShipForm.read(request)
        if form.is_valid:
            try:
                await fulfilments.ship(order.id, carrier=form.carrier, tracking=form.tracking, by=person_id_of(request))
                done = "ready to pick up" if order.address.is_pickup else "shipped"
                return _back(order, f"{order.number} is marked as {done}.")
            except Refusal as refusal:
                form.refuse(None, str(refusal))
        return page(request, await _page(request, order, ship_form=form), status=422)

    @post("/{number:str}/collection")
    async def collect(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order = await requested_order(number)
        try:
            await fulfilments.collect(order.id, by=person_id_of(request))
        except fulfilments.NotReadyToCollect as refusal:
            form = ShipForm.blank()
            form.refuse(None, str(refusal))
            return page(request, await _page(request, order, ship_form=form), status=refusal.status)
        return _back(order, f"{order.number} is marked as picked up.")

    @post("/{number:str}/notes")
    async def write_note(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order, form = await requested_order(number), await NoteForm.read(request)
        if not form.is_valid:
            return page(request, await _page(request, order, note_form=form), status=422)
        await notes.add_note(order, form.words, by=person_id_of(request))
        return _back(order, "Note saved.")

    @post("/{number:str}/stock")
    async def take_stock(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        """Allocate stock to a paid order that was short of it."""
        order, form = await requested_order(number), ShipForm.blank()
        try:
            await completion.take_stock(order.id, by=person_id_of(request))
        except Refusal as refusal:
            form.refuse(None, str(refusal))
            return page(request, await _page(request, order, ship_form=form), status=refusal.status)
        return _back(order, "Stock allocated. The order can be shipped now.")

    @post("/{number:str}/flag")
    async def take_flag_down(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        """Mark the problem as resolved."""
        order, form = await requested_order(number), await FlagForm.read(request)
        try:
            if is_stale(form.seen, order.flag):
                raise flags.FlaggedMeanwhile
            await flags.clear(order.id, seen=order.flag, by=person_id_of(request))
        except flags.FlaggedMeanwhile as refusal:
            ship_form = ShipForm.blank()
            ship_form.refuse(None, str(refusal))
            return page(request, await _page(request, await requested_order(number), ship_form=ship_form), status=409)
        return _back(order, "Marked as resolved.")


async def requested_order(number: str) -> OrderView:
    order = await queries.by_number(number)
    if order is None:
        raise NotFound("There is no order with this number.")
    return order


def _filters(state: str, search: str) -> str:
    """Of the list, for the address of its file."""
    given = {name: value for name, value in (("show", state), ("q", search)) if value}
    return f"?{urlencode(given)}" if given else ""


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
    visitor, disputed = visitor_of(request), tuple(await disputes.of_order(order.id))
    withdrawn = await order_withdrawals.of_order(order)
    return StaffOrderPage(
        order=order,
        lines=order_lines(order, f"/staff/orders/{order.number}"),
        rows=order_total_rows(order, club=member_price_text(shop_settings.current().club_name)),
        total=order_whole(order),
        net=await net_payments.of_order(order, disputed),
        margin=await margins.margin_of(order),
        country=country_name(order.address.country),
        invoice_country=country_name(order.invoice_buyer.country) if order.invoice_buyer else "",
        events=await timeline(order, withdrawn),
        disputes=disputed,
        fraud_warnings=await fraud_warnings.of_order(order.id),
        flag_seen=mark(order.flag),
        withdrawals=withdrawn,
        ship_form=ship_form or ShipForm.blank(),
        note_form=note_form or NoteForm.blank(),
        may_refund=visitor.may("refunds") and order.left > 0 and all(one.may_be_refunded for one in disputed),
        may_see_person=visitor.may("members") and isinstance(order.person, UUID),
        pack_by=pack_by(order),
        may_change_address=not address_changes.obstacle(order),
        invoices=await invoice_list.of_reference(order.id),
        fee_invoices=await fee_invoices(order),
    )
