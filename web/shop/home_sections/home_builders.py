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
from web.shop.home_sections import home_products
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
    SectionPlace,
    TextPart,
)
from web.shop.journal.article_images import cover
from web.shop.journal.articles import teaser_of
from web.shop.products import cards
from web.shop.products.collections import tiles
from web.shop.viewer import Viewer
from web.visitor import Visitor

POINTS = 3
COUNTS = {"newest": 8, "collection": 4, "journal": 2}
Said = dict[str, Any]


async def build(rows: Sequence[SectionRow], visitor: Visitor) -> tuple[HomePart, ...]:
    """The sections in their order. The first hero has the page's heading. A product is shown once: where a section has
    it alone, or else by the first section that would. Hidden sections take none away, and one that staff placed shows
    what it has again rather than nothing."""
    viewer, parts, has_hero = Viewer.of(visitor), [], False
    shown = {product.id for row in rows if not row.is_hidden and (product := _alone(row))}
    for number, row in enumerate(rows):
        place = SectionPlace(f"section-{number}", frozenset(shown))
        part = await BUILDERS[row.kind](row.settings, visitor, viewer, place)
        if isinstance(part, HeroPart):
            part, has_hero = replace(part, is_first=not has_hero), True
        if part is not None:
            parts.append(replace(part, is_hidden=row.is_hidden))
            shown.update(() if row.is_hidden else part.shows)
    return tuple(parts)


def _alone(row: SectionRow) -> ProductView | None:
    is_one = row.kind == "product"
    return snapshot_refresh.snapshot().product(row.settings.get("product", "")) if is_one else None


async def _hero(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    newest = home_products.newest(viewer, 8)
    own = cover(said["picture"], said.get("picture_alt", "")) if said.get("picture") else None
    pictures = (cards.first_picture(product) for product in newest)
    is_own = bool(said.get("title"))
    href, link = said.get("href", ""), said.get("link", "")
    if not is_own and not href and newest:
        href, link = "/products?sort=new", _("Shop new arrivals")
    usual = _("Browse the full range, or see what’s new.") if newest else _("Our first products will be here soon.")
    return HeroPart(
        anchor=place.anchor,
        title=said.get("title") or shop_settings.current().shop_tagline,
        text=said.get("text", "") if is_own else usual,
        href=href,
        link=link or _("Find out more"),
        picture=own or next((one for one in pictures if one is not None), None),
        joins=not visitor.has_membership and lead_plan.current_plan(viewer.at) is not None,
        is_first=True,
    )


async def _newest_part(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    most = said.get("count") or COUNTS["newest"]
    newest = home_products.newest(viewer, most, place.without) or home_products.newest(viewer, most)
    if not newest:
        return None
    grid = cards.card_grid(newest, viewer, level="h3")
    title = said.get("title") or _("New arrivals")
    link, shows = _("Shop all"), home_products.ids_of(newest)
    return ProductsPart(anchor=place.anchor, title=title, href="/products", link=link, grid=grid, shows=shows)


async def _for_you(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    """Those who have nothing to be chosen from see a collection, if staff named one, under its own name; neither
    repeats what is on the page."""
    most = said.get("count") or COUNTS["collection"]
    found = await personal_shelf.choices(visitor, viewer, most=most, without=place.without)
    if found:
        chosen, shows = personal_shelf.shown(found, viewer), home_products.ids_of([one.product for one in found])
        return ForYouPart(anchor=place.anchor, title=said.get("title") or _("For you"), chosen=chosen, shows=shows)
    part = await _collection({**said, "title": ""}, visitor, viewer, place)
    return None if part is None or place.without.intersection(part.shows) else part


async def _collection(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    snapshot = snapshot_refresh.snapshot()
    collection = snapshot.collection(said.get("collection", ""))
    if collection is None:
        return None
    asked = BrowseQuery(collection_id=collection.id)
    found = product_list.browse(snapshot, asked, viewer.access, viewer.at).products
    inside = [one for one in found if one.id not in place.without] or found
    if not inside:
        return None
    shown = inside if collection.order else home_products.buyable_first(inside, viewer)
    shown = shown[: said.get("count") or COUNTS["collection"]]
    return ProductsPart(
        anchor=place.anchor,
        title=said.get("title") or collection.title,
        href=f"/collections/{collection.slug}",
        link=_("View all"),
        grid=cards.card_grid(shown, viewer, level="h3"),
        shows=home_products.ids_of(shown),
    )


async def _collections(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    found = tiles(viewer)
    title = said.get("title") or _("Collections")
    return CollectionsPart(anchor=place.anchor, title=title, tiles=found) if found else None


async def _product(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    product = snapshot_refresh.snapshot().product(said.get("product", ""))
    if product is None or not viewer.standing(product).is_visible:
        return None
    price = viewer.prices(cards.lead_variant(product, viewer)).now
    shown = money(Money(price, shop_settings.current().currency))
    return ProductPart(
        anchor=place.anchor,
        title=said.get("title") or product.title,
        text=Markup(markdown.html(said.get("text", ""))),
        href=f"/products/{product.slug}",
        picture=cards.first_picture(product),
        price=shown if product.has_one_price else p_("price", "From %(sum)s", sum=shown),
        shows=(product.id,),
    )


async def _membership(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    plan = None if visitor.has_membership else lead_plan.current_plan(viewer.at)
    if plan is None:
        return None
    title = said.get("title") or _("Join %(club)s", club=formatting.club_name())
    return MembershipPart(anchor=place.anchor, title=title, plan=plan, points=_points(plan))


async def _journal(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    most = said.get("count") or COUNTS["journal"]
    found = await articles.published(visitor.standing, viewer.at, limit=most)
    title = said.get("title") or _("From the journal")
    teasers = tuple(teaser_of(one) for one in found)
    return JournalPart(anchor=place.anchor, title=title, articles=teasers) if teasers else None


async def _text(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    html = Markup(await markdown.prepared(said.get("text", "")))
    link = said.get("link") or _("Find out more")
    return TextPart(anchor=place.anchor, title=said.get("title", ""), text=html, href=said.get("href", ""), link=link)


async def _quotes(said: Said, visitor: Visitor, viewer: Viewer, place: SectionPlace) -> HomePart | None:
    quotes = tuple(QuotedWords(one["words"], one["who"]) for one in said.get("quotes", ()))
    return QuotesPart(anchor=place.anchor, title=said.get("title", ""), quotes=quotes) if quotes else None


def _points(plan: PlanView) -> tuple[str, ...]:
    """The most important benefits for a newcomer, one of each kind, by their rank."""
    of_a_kind = {benefit.kind: benefit for benefit in reversed(plan.benefits)}
    ordered = sorted(of_a_kind.values(), key=lambda benefit: rank_of(benefit.kind))
    return tuple(benefit.words for benefit in ordered)[:POINTS]


BUILDERS: dict[str, Callable[[Said, Visitor, Viewer, SectionPlace], Awaitable[HomePart | None]]] = {
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
