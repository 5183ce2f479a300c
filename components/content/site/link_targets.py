"""Addresses inside the shop that staff can link to, and whether one leads nowhere."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from components.catalog import product_list
from components.catalog.snapshot import snapshot_refresh
from components.catalog.visibility import Access
from components.content.site import site_content
from components.content.tables import Article
from components.memberships.plans import lead_plan

ALWAYS = {
    "/": "Home",
    "/products": "All products",
    "/products?sort=new": "New arrivals",
    "/collections": "All collections",
    "/journal": "Journal",
    "/join": "Membership",
    "/contact": "Contact form",
    "/search": "Search",
    "/account": "Account",
    "/account/orders": "Orders",
    "/basket": "Basket",
    "/gifts": "Gift memberships",
}
MOST_PRODUCTS = 200
_OWN = re.compile(r"/(?!/)[^\s\\]*|https?://[^\s/]+\.[^\s]+|mailto:[^\s@]+@[^\s@]+")


def choices(at: datetime) -> tuple[tuple[str, str], ...]:
    """Pairs of address and name: fixed pages, published pages, collections, products."""
    snapshot, content = snapshot_refresh.snapshot(), site_content.current()
    collections = product_list.collections_with_products(snapshot, Access.NONE, at)
    return (
        *ALWAYS.items(),
        *((page.href, f"Page: {page.title}") for page in content.pages),
        *((f"/collections/{one.slug}", f"Collection: {one.title}") for one in collections),
        *products(),
    )


def products() -> tuple[tuple[str, str], ...]:
    """The products that can be picked from a list; others by their address."""
    snapshot = snapshot_refresh.snapshot()
    found = [snapshot.product_by_id(id) for id in islice(snapshot.shelf(None, "new"), MOST_PRODUCTS)]
    return tuple((f"/products/{one.slug}", f"Product: {one.title}") for one in found if one is not None)


def is_address(target: str) -> bool:
    """Whether this can be the address of a link at all."""
    return bool(_OWN.fullmatch(target)) and len(target) <= 300


async def dead(targets: Iterable[str], at: datetime) -> tuple[str, ...]:
    """Those that lead to nothing a guest can see; addresses elsewhere are not visited."""
    wanted = tuple(dict.fromkeys(target for target in targets if target))
    return tuple([target for target in wanted if not await _leads_somewhere(target, at)])


async def _leads_somewhere(target: str, at: datetime) -> bool:
    path = target.split("?")[0].split("#")[0].rstrip("/") or "/"
    snapshot = snapshot_refresh.snapshot()
    room, _, slug = path.strip("/").partition("/")
    if path == "/join":
        return lead_plan.current_plan(at) is not None
    if room == "products" and slug:
        product = snapshot.product(slug)
        return product is not None and product.id not in snapshot.hidden(Access.NONE, at)
    if room == "collections" and slug:
        return slug in {one.slug for one in product_list.collections_with_products(snapshot, Access.NONE, at)}
    if room == "pages":
        return site_content.current().page(slug) is not None
    if room == "journal" and slug:
        return await Article.exists().where((Article.slug == slug) & (Article.published_at <= at))
    return True
