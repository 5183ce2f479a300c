"""A link to the page of the order or the member that a payment is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from components.insights import payment_subjects
from web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class SubjectLink:
    """Without `href` for whoever may not open that page."""

    name: str
    href: str


async def orders_beside(disputes: Iterable[str], visitor: Visitor) -> dict[str, SubjectLink]:
    """By the id of a dispute: the order that was paid together with the membership it is about."""
    along = await payment_subjects.orders_along(disputes)
    links = await subject_links(along.values(), visitor)
    return {id: links[order] for id, order in along.items() if order in links}


async def subject_links(ids: Iterable[UUID], visitor: Visitor) -> dict[UUID, SubjectLink]:
    found = await payment_subjects.subjects(ids)
    links = {}
    for id, one in found.items():
        is_order = one.kind == "order"
        href = f"/staff/orders/{one.page}" if is_order else f"/staff/members/{one.page}"
        links[id] = SubjectLink(one.name, href if visitor.may("orders" if is_order else "members") else "")
    return links
