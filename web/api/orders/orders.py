"""Orders for fulfilment and accounting programs: the changes since a cursor, and one order by its number."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.foundation.refusals import NotFound
from components.orders import change_feed, queries
from web.api import cursors, instants
from web.api.cursors import Cursor, Limit, Place
from web.api.instants import Since
from web.api.orders import order_json
from web.api.orders.order_json import ApiOrder
from web.api.responses import json_response
from web.guards import program
from web.views import visitor_of


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """The oldest change first. `next` is a cursor: keep it, and send it later to get what is new by then."""

    orders: tuple[ApiOrder, ...]
    next: str
    has_more: bool


class ApiOrdersController(Controller):
    path = "/api/v1/orders"
    guards = [program("orders:read")]
    tags = ["With a key"]
    security = [{"key": []}]

    @get(summary="Orders changed since")
    async def index(
        self, request: Request[Any, Any, Any], changed_since: Since = None, cursor: Cursor = "", limit: Limit = 50
    ) -> Response[Orders]:
        """Needs “orders:read”. Each order once, at its latest change, five seconds after it happened.

        A change is: placed, paid, expired, shipped, flagged or refunded.
        """
        after = cursors.decode(cursor, Place) if cursor else (instants.EARLIEST, UUID(int=0))
        if changed_since is not None:
            after = max(after, (instants.check_instant("changed_since", changed_since), UUID(int=0)))
        after = (instants.check_instant("cursor", after[0]), after[1])
        found = await change_feed.changed_since(after, until=visitor_of(request).at, limit=limit + 1)
        shown = found[:limit]
        place = (shown[-1].at, shown[-1].order.id) if shown else after
        orders_json = tuple(order_json.order_json(one.order, one.at) for one in shown)
        return json_response(
            request, Orders(orders=orders_json, next=cursors.encode(place), has_more=len(found) > limit)
        )

    @get("/{number:str}", summary="One order")
    async def show(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[ApiOrder]:
        """Needs “orders:read”."""
        order = await queries.by_number(number)
        if order is None:
            raise NotFound("There is no order with this number.")
        return json_response(request, order_json.order_json(order))
