"""From the rows of the home page to what this visitor sees: a section with nothing to show is left out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from components.catalog import product_list
from components.catalog.product_list import BrowseQuery
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView
from components.content import articles, markdown
from components.content.site.site_content import SectionRow
from components.foundation import formatting
from components.foundation.formatting import money
from components.foundation.languages.words import _, p_
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.memberships.benefits.kinds import rank_of
from components.memberships.plans import lead_plan
from components.memberships.plans.plan_catalogue import PlanView
from web.shop.for_you import personal_shelf
from web.shop.home_sections.home_parts import (
    CollectionsPart,
    ForYouPart,
    HeroPart,
    HomePart,
    JournalPart,
    MembershipPart,
    ProductPart,
    ProductsPart,
    QuotedWords,
    QuotesPart,
    TextPart,
)
from web.shop.journal.article_images import cover
from web.shop.journal.articles import teaser_of
from web.shop.products import cards
from web.shop.products.collections import tiles
from web.shop.viewer import Viewer
from web.visitor import Visitor

POINTS = 3
PAGES_SEEN = 3
"""How many pages of the newest are looked through for what can be bought."""
COUNTS = {"newest": 8, "collection": 4, "journal": 2}
Said = dict[str, Any]


async def build(rows: Sequence[SectionRow], visitor: Visitor) -> tuple[HomePart, ...]:
    """The sections in their order. The first hero has the page's heading."""
    viewer, parts, has_hero = Viewer.of(visitor), [], False
    for place, row in enumerate(rows):
        part = await BUILDERS[row.kind](row.settings, visitor, viewer, f"section-{place}")
        if isinstance(part, HeroPart):
            part, has_hero = replace(part, is_first=not has_hero), True
        if part is not None:
            parts.append(replace(part, is_hidden=row.is_hidden))
    return tuple(parts)


async def _hero(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    newest = _newest(viewer, 8)
    own = cover(said["picture"], said.get("picture_alt", "")) if said.get("picture") else None
    pictures = (cards.first_picture(product) for product in newest)
    is_own = bool(said.get("title"))
    href, link = said.get("href", ""), said.get("link", "")
    if not is_own and not href and newest:
        href, link = "/products?sort=new", _("Shop new arrivals")
    usual = _("Browse the full range, or see what’s new.") if newest else _("Our first products will be here soon.")
    return HeroPart(
        anchor=anchor,
        title=said.get("title") or shop_settings.current().shop_tagline,
        text=said.get("text", "") if is_own else usual,
        href=href,
        link=link or _("Find out more"),
        picture=own or next((one for one in pictures if one is not None), None),
        joins=not visitor.has_membership and lead_plan.current_plan(viewer.at) is not None,
        is_first=True,
    )


async def _newest_part(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    newest = _newest(viewer, said.get("count") or COUNTS["newest"])
    if not newest:
        return None
    grid = cards.card_grid(newest, viewer, level="h3")
    title = said.get("title") or _("New arrivals")
    return ProductsPart(anchor=anchor, title=title, href="/products", link=_("Shop all"), grid=grid)


async def _for_you(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    """Those who have nothing to be chosen from see a collection, if staff named one, under its own name."""
    chosen = await personal_shelf.chosen_for(visitor, viewer, most=said.get("count") or COUNTS["collection"])
    if chosen:
        return ForYouPart(anchor=anchor, title=said.get("title") or _("For you"), chosen=chosen)
    return await _collection({**said, "title": ""}, visitor, viewer, anchor)


async def _collection(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    snapshot = snapshot_refresh.snapshot()
    collection = snapshot.collection(said.get("collection", ""))
    if collection is None:
        return None
    asked = BrowseQuery(collection_id=collection.id)
    inside = product_list.browse(snapshot, asked, viewer.access, viewer.at).products
    if not inside:
        return None
    shown = inside if collection.order else _buyable_first(inside, viewer)
    return ProductsPart(
        anchor=anchor,
        title=said.get("title") or collection.title,
        href=f"/collections/{collection.slug}",
        link=_("View all"),
        grid=cards.card_grid(shown[: said.get("count") or COUNTS["collection"]], viewer, level="h3"),
    )


async def _collections(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    found = tiles(viewer)
    return CollectionsPart(anchor=anchor, title=said.get("title") or _("Collections"), tiles=found) if found else None


async def _product(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    product = snapshot_refresh.snapshot().product(said.get("product", ""))
    if product is None or not viewer.standing(product).is_visible:
        return None
    price = viewer.prices(cards.lead_variant(product, viewer)).now
    shown = money(Money(price, shop_settings.current().currency))
    return ProductPart(
        anchor=anchor,
        title=said.get("title") or product.title,
        text=Markup(markdown.html(said.get("text", ""))),
        href=f"/products/{product.slug}",
        picture=cards.first_picture(product),
        price=shown if product.has_one_price else p_("price", "From %(sum)s", sum=shown),
    )


async def _membership(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    plan = None if visitor.has_membership else lead_plan.current_plan(viewer.at)
    if plan is None:
        return None
    title = said.get("title") or _("Join %(club)s", club=formatting.club_name())
    return MembershipPart(anchor=anchor, title=title, plan=plan, points=_points(plan))


async def _journal(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    most = said.get("count") or COUNTS["journal"]
    found = await articles.published(visitor.standing, viewer.at, limit=most)
    title = said.get("title") or _("From the journal")
    teasers = tuple(teaser_of(one) for one in found)
    return JournalPart(anchor=anchor, title=title, articles=teasers) if teasers else None


async def _text(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    html = Markup(await markdown.prepared(said.get("text", "")))
    link = said.get("link") or _("Find out more")
    return TextPart(anchor=anchor, title=said.get("title", ""), text=html, href=said.get("href", ""), link=link)


async def _quotes(said: Said, visitor: Visitor, viewer: Viewer, anchor: str) -> HomePart | None:
    quotes = tuple(QuotedWords(one["words"], one["who"]) for one in said.get("quotes", ()))
    return QuotesPart(anchor=anchor, title=said.get("title", ""), quotes=quotes) if quotes else None


def _newest(viewer: Viewer, most: int) -> Sequence[ProductView]:
    """The newest, those that this visitor can buy now before the rest."""
    seen: list[ProductView] = []
    for number in range(1, PAGES_SEEN + 1):
        asked = BrowseQuery(sort="new", page=number)
        found = product_list.browse(snapshot_refresh.snapshot(), asked, viewer.access, viewer.at)
        seen += found.products
        if number >= found.pages or sum(_can_be_bought(product, viewer) for product in seen) >= most:
            break
    return _buyable_first(seen, viewer)[:most]


def _buyable_first(products: Sequence[ProductView], viewer: Viewer) -> Sequence[ProductView]:
    return sorted(products, key=lambda product: not _can_be_bought(product, viewer))


def _can_be_bought(product: ProductView, viewer: Viewer) -> bool:
    is_open = viewer.standing(product).is_buyable
    return is_open and cards.is_in_stock(product, cards.lead_variant(product, viewer), viewer)


def _points(plan: PlanView) -> tuple[str, ...]:
    """The most important benefits for a newcomer, one of each kind, by their rank."""
    of_a_kind = {benefit.kind: benefit for benefit in reversed(plan.benefits)}
    ordered = sorted(of_a_kind.values(), key=lambda benefit: rank_of(benefit.kind))
    return tuple(benefit.words for benefit in ordered)[:POINTS]


BUILDERS: dict[str, Callable[[Said, Visitor, Viewer, str], Awaitable[HomePart | None]]] = {
    "hero": _hero,
    "newest": _newest_part,
    "for_you": _for_you,
    "collection": _collection,
    "collections": _collections,
    "product": _product,
    "membership": _membership,
    "journal": _journal,
    "text": _text,
    "quotes": _quotes,
}
