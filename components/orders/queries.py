"""Queries for one order: the whole of it in one statement."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from components.foundation import database, ids, json
from components.orders import order_links
from components.orders.tables import Order
from components.orders.views import OrderView
from components.payments.checkout_sessions import pages

_WHOLE = """
SELECT (to_jsonb(o) || jsonb_build_object(
  'lines', (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.position), '[]') FROM order_line l WHERE l."order" = o.id),
  'taxes', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.position), '[]') FROM order_tax t WHERE t."order" = o.id),
  'parcel', (SELECT to_jsonb(f) FROM fulfilment f WHERE f."order" = o.id),
  'refunds', (SELECT coalesce(jsonb_agg(to_jsonb(r) || jsonb_build_object(
      'lines', (SELECT coalesce(jsonb_agg(to_jsonb(rl)), '[]') FROM refund_line rl WHERE rl.refund = r.id)
    ) ORDER BY r.at, r.id), '[]') FROM refund r WHERE r."order" = o.id),
  'address_changes', (SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.at, a.id), '[]')
    FROM order_address_change a WHERE a."order" = o.id),
  'notes', (SELECT coalesce(jsonb_agg(to_jsonb(n) ORDER BY n.at, n.id), '[]') FROM order_note n WHERE n."order" = o.id)
))::text AS whole FROM orders o"""
_BY_ID = f"{_WHOLE} WHERE o.id = $1"
_BY_IDS = f"{_WHOLE} WHERE o.id = ANY($1)"
_BY_EARLIER_TOKEN = f"{_WHOLE} WHERE o.token_digest = $1"
_BY_NUMBER = f"{_WHOLE} WHERE o.number = $1"
_OF_PERSON = f"{_WHOLE} WHERE o.person = $1 AND o.number = $2 AND o.paid_at IS NOT NULL"


async def by_id(order_id: UUID) -> OrderView | None:
    return await _one(_BY_ID, order_id)


async def by_token(token: str) -> OrderView | None:
    """The order whose page this token opens: anybody who has it may see the order."""
    if order_id := order_links.order_id(token):
        return await by_id(order_id)
    return await _one(_BY_EARLIER_TOKEN, ids.digest(token))


async def by_number(number: str) -> OrderView | None:
    return await _one(_BY_NUMBER, number)


async def any_exists() -> bool:
    """Whether anybody has ever ordered."""
    return await Order.exists()


async def several(order_ids: Sequence[UUID]) -> tuple[OrderView, ...]:
    """These orders, in this order; unknown ones are left out."""
    found = [_order(whole) for whole in await database.fetch_values(_BY_IDS, list(order_ids))]
    return tuple(sorted(found, key=lambda order: order_ids.index(order.id)))


async def joined_with(joined_id: UUID) -> OrderView | None:
    """The order that a membership began with: the one whose goods are on the page that was paid for it, else on the
    newest; by subscription or term. Not one that was given up before somebody joined without it."""
    page = await pages.for_reference("joining", joined_id) or await pages.for_reference("term", joined_id)
    return await by_id(page.along) if page is not None and page.along else None


async def of_person(person_id: UUID, number: str) -> OrderView | None:
    """A paid order of this person; somebody else's order counts as unknown."""
    return await _one(_OF_PERSON, person_id, number)


async def _one(sql: str, *args: Any) -> OrderView | None:
    whole = await database.fetch_value(sql, *args)
    return None if whole is None else _order(whole)


def _order(whole: str) -> OrderView:
    return msgspec.convert(json.load(whole), OrderView, strict=False)
