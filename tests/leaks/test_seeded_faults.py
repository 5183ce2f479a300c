"""A row of zeros proves little: each guard is taken away in turn, and the matrix must see it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from components.catalog import product_list, visibility
from components.catalog.pictures import picture_access
from components.catalog.pictures.picture_access import Audience
from components.catalog.snapshot import snapshot_refresh
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.views import ProductView
from components.catalog.visibility import Availability, PurchaseStatus
from components.checkout.basket import priced_basket
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.priced_basket import BasketLineView, Shopper
from components.content import articles, gates, markdown
from components.content.articles import ArticleEntry
from components.foundation import database, ids
from components.foundation.formatting import plain
from components.foundation.refusals import NotFound
from components.memberships.benefits import scope_fields
from components.memberships.entitlements import entitlements
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.plans import plan_cache
from tests.leaks import matrix
from tests.leaks.conftest import Scene
from tests.leaks.matrix import DATED, OUT, Findings, Moment, around, of_article, of_product, twice, whole
from tests.leaks.world import COST, DAY, HOUR, T
from web.api.catalogue import products as api_products
from web.api.orders import quotes
from web.shop.feeds import product_feed, sitemap
from web.shop.products import json_ld, product_offer, products
from web.shop.viewer import Viewer
from web.visitor import Visitor

Patch = pytest.MonkeyPatch
MOMENT = timedelta(microseconds=1)
OPEN = Availability(PurchaseStatus.OPEN, None, None)


@dataclass(frozen=True)
class Fault:
    """A guard broken by `plant`, and the slice of the matrix that must find it, as these personas in turn."""

    words: str
    plant: Callable[[Patch], None]
    personas: tuple[str, ...]
    moments: tuple[Moment, ...]


def opens_a_week_early_for_everybody(patch: Patch) -> None:
    patch.setattr(visibility, "_head_start", lambda variants, access: 168 * HOUR)


def knows_no_head_start(patch: Patch) -> None:
    patch.setattr(visibility, "_head_start", lambda variants, access: timedelta())


def opens_after_its_instant(patch: Patch) -> None:
    """`<=` where `<` belongs."""
    real = visibility._weighed
    patch.setattr(
        visibility, "_weighed", lambda product, variants, access, at: real(product, variants, access, at - MOMENT)
    )


def drips_before_its_instant(patch: Patch) -> None:
    real = gates.access_to
    patch.setattr(gates, "access_to", lambda article, standing, at: real(article, standing, at + timedelta(seconds=1)))


def description_names_what_it_costs_the_shop(patch: Patch) -> None:
    real = json_ld._offer
    patch.setattr(json_ld, "_offer", lambda *of: {**real(*of), "cost": plain(COST)})


def part_forgets_to_ask(patch: Patch) -> None:
    patch.setattr(product_offer, "_waiting", lambda *_: None)


def page_forgets_to_ask(patch: Patch) -> None:
    patch.setattr(products, "Viewer", SimpleNamespace(of=lambda visitor: _Blind(**vars_of(Viewer.of(visitor)))))


def feed_uses_the_body(patch: Patch) -> None:
    real = articles.feed

    async def feed(standing: CustomerEntitlements, at: datetime) -> list[ArticleEntry]:
        rows = await database.fetch("SELECT id, body FROM article")
        bodies = {row["id"]: row["body"] for row in rows}
        return [replace(one, html=markdown.html(bodies[one.article.id])) for one in await real(standing, at)]

    patch.setattr(articles, "feed", feed)


def sitemap_lists_everything(patch: Patch) -> None:
    def listed(snapshot: Snapshot, at: datetime) -> list[str]:
        return [f"/products/{product.slug}" for product in snapshot.products]

    patch.setattr(sitemap, "_products", listed)


def cards_are_kept_without_their_context(patch: Patch) -> None:
    patch.setattr(Viewer, "key", property(lambda look: ("everybody",)))


def a_members_list_is_kept_for_guests(patch: Patch) -> None:
    patch.setattr(Visitor, "is_anonymous", property(lambda visitor: True))
    cards_are_kept_without_their_context(patch)


def search_reads_gated_bodies(patch: Patch) -> None:
    def holds(opened: Any, body: str, wanted: list[str]) -> bool:
        return all(word in body.lower() for word in wanted)

    patch.setattr(articles, "_holds", holds)


def search_finds_what_is_hidden(patch: Patch) -> None:
    real = product_list.browse
    patch.setattr(
        product_list, "browse", lambda snapshot, asked, access, at: real(snapshot, asked, access, at + 300 * DAY)
    )


def basket_forgets_to_ask(patch: Patch) -> None:
    patch.setattr(priced_basket, "visibility", SimpleNamespace(availability_of=lambda *_: OPEN))


def pictures_are_for_whoever_knows_their_name(patch: Patch) -> None:
    async def audience(*_: object) -> Audience:
        return Audience.EVERYBODY

    patch.setattr(picture_access, "audience", audience)


def words_name_what_is_hidden(patch: Patch) -> None:
    patch.setattr(scope_fields, "is_named", lambda product: product is not None)


def menus_name_every_collection(patch: Patch) -> None:
    patch.setattr(
        product_list,
        "collections_with_products",
        lambda snapshot, *_: tuple(one for one in snapshot.collections if one.is_listed),
    )


def one_answer_for_all_by_its_etag(patch: Patch) -> None:
    """Whatever is asked for by somebody known may be kept and shown to the next."""
    patch.setattr(Visitor, "is_anonymous", property(lambda visitor: True))


def standing_is_remembered_from_signing_in(patch: Patch) -> None:
    real = entitlements.query
    patch.setattr(entitlements, "query", lambda sql, *args, at: real(sql, *args, at=T))


def the_api_asks_in_its_own_way(patch: Patch) -> None:
    """By the product's date, as the rows have it: no head start, no announcement, no members' pieces."""

    def seen(slug: str, look: Viewer) -> ProductView:
        product = snapshot_refresh.snapshot().product(slug)
        if product is None or (product.public_from is not None and product.public_from > look.at + 90 * DAY):
            raise NotFound
        return product

    patch.setattr(api_products, "visible_product", seen)


def a_quote_asks_nobody(patch: Patch) -> None:
    patch.setattr(priced_basket, "visibility", SimpleNamespace(availability_of=lambda *_: OPEN))
    a_quote_knows_any_sku(patch)


def a_quote_knows_any_sku(patch: Patch) -> None:
    """What the basket's own question hides is named by the door before it."""
    patch.setattr(quotes, "_known", lambda variant_id, look: variant_id or ids.new())
    real = priced_basket._line_views

    def named(context: BasketContext, shopper: Shopper) -> tuple[BasketLineView, ...]:
        lines = real(context, shopper)
        return tuple(replace(line, variant=context.snapshot.variant(line.variant_id)) for line in lines)

    patch.setattr(priced_basket, "_line_views", named)


def the_feed_is_for_members(patch: Patch) -> None:
    real = Viewer.of

    def of(visitor: Visitor) -> Viewer:
        look = real(visitor)
        return replace(look, context=look.club_context, access=look.club_access)

    patch.setattr(product_feed, "Viewer", SimpleNamespace(of=of))


def the_api_reads_the_body_itself(patch: Patch) -> None:
    real = articles.by_slug

    async def by_slug(slug: str, standing: CustomerEntitlements, at: datetime) -> articles.Opened:
        body = await database.fetch_value("SELECT body FROM article WHERE slug = $1", slug)
        return replace(await real(slug, standing, at), html=body, reading=gates.ArticleAccess(gates.GateReason.OPEN))

    patch.setattr(articles, "by_slug", by_slug)


class _Blind(Viewer):
    """A look that thinks that everything is open."""

    def standing(self, product: Any) -> Availability:
        return OPEN


def vars_of(look: Viewer) -> dict[str, Any]:
    return {name: getattr(look, name) for name in ("context", "club_context", "access", "club_access", "at")}


def _at(*days: float, of: tuple[Any, ...]) -> tuple[Moment, ...]:
    return tuple(around([(T + day * DAY, of) for day in days]))


SOON, FAR = DATED["soon"], DATED["far"]
_EDGES = tuple(around([(SOON - 72 * HOUR, of_product("soon")), (SOON - 168 * HOUR, of_product("soon"))]))
_PUBLIC = tuple(around([(SOON, of_product("soon"))]))
_SHELF = ((T, matrix.SHELVES),)
_TOLD = ((T, whole("/api/v1/products/the-qzfarslug", "/api/v1/products/the-qzburiedslug")),)
_FED = tuple(around([(SOON - 72 * HOUR - 30 * DAY, whole("/products/feed.xml")), (T, whole("/products/feed.xml"))]))
_READ = ((T, whole("/api/v1/articles/on-qzgatedslug")),)
_QUOTED = ((T, whole("/api/v1/quotes")),)
_PARTS = ((T, tuple(one for one in of_product("soon") if one.is_part)),)

FAULTS = (
    Fault("a week early for everybody", opens_a_week_early_for_everybody, ("guest", "monthly"), _EDGES),
    Fault("no head start for anybody", knows_no_head_start, ("monthly",), _EDGES),
    Fault("opens after its instant", opens_after_its_instant, ("guest",), _PUBLIC),
    Fault("drips a second early", drips_before_its_instant, ("day_30",), _at(0, of=of_article("drip"))),
    Fault("what a piece costs the shop", description_names_what_it_costs_the_shop, ("guest",),
          ((T, of_product("plain")),)),
    Fault("the part forgets to ask", part_forgets_to_ask, ("guest",), _PARTS),
    Fault("the page forgets to ask", page_forgets_to_ask, ("guest",), ((T, of_product("far")),)),
    Fault("the feed uses the body", feed_uses_the_body, ("customer",), ((T, whole("/feed.xml")),)),
    Fault("the sitemap lists everything", sitemap_lists_everything, ("guest",), ((T, whole("/sitemap.xml")),)),
    Fault("cards without their context", cards_are_kept_without_their_context, ("annual", "basket"), _SHELF),
    Fault("a member's list for guests", a_members_list_is_kept_for_guests, ("annual", "guest"), _SHELF),
    Fault("search reads gated bodies", search_reads_gated_bodies, ("guest",), ((T, of_article("gated")),)),
    Fault("search finds what is hidden", search_finds_what_is_hidden, ("guest",), ((T, matrix.SHELVES),)),
    Fault("the basket forgets to ask", basket_forgets_to_ask, ("basket",), ((T, twice("/basket")),)),
    Fault("pictures by their name", pictures_are_for_whoever_knows_their_name, ("guest",), ((T, of_product("far")),)),
    Fault("words name what is hidden", words_name_what_is_hidden, ("guest",), ((T, whole("/join")),)),
    Fault("menus name every collection", menus_name_every_collection, ("guest",), ((T, whole("/products")),)),
    Fault("an ETag for all", one_answer_for_all_by_its_etag, ("monthly",), ((T, whole("/", "/journal")),)),
    Fault("standing is remembered", standing_is_remembered_from_signing_in, ("cancelling",),
          _at(6, of=(*of_article("gated"), *of_product("club")))),
    Fault("the API asks in its own way", the_api_asks_in_its_own_way, ("guest",), _TOLD),
    Fault("a quote asks nobody", a_quote_asks_nobody, ("guest",), _QUOTED),
    Fault("a quote knows any SKU", a_quote_knows_any_sku, ("guest",), _QUOTED),
    Fault("the feed is for whoever asks first", the_feed_is_for_members, ("guest",), _FED),
    Fault("the API reads the body itself", the_api_reads_the_body_itself, ("customer",), _READ),
    Fault("published a second early", drips_before_its_instant, ("guest",),
          tuple(around([(OUT["later"], of_article("later"))]))),
)  # fmt: skip


async def _found(scene: Scene, fault: Fault) -> Findings:
    await snapshot_refresh.refresh()
    await plan_cache.refresh()
    findings = Findings()
    for name in fault.personas:
        await matrix.look(scene.app, scene.world, scene.rows, scene.personas[name], _moments(scene, fault), findings)
    return findings


def _moments(scene: Scene, fault: Fault) -> list[Moment]:
    """A quote asks for what the world has, which is known only now."""
    quotes = matrix.quotes(scene.world)
    return [
        (at, tuple(one for each in asked for one in (quotes if each.path == "/api/v1/quotes" else (each,))))
        for at, asked in fault.moments
    ]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.words)
async def test_the_matrix_sees_a_guard_that_is_broken(scene: Scene, fault: Fault, monkeypatch: Patch) -> None:
    whole_again = await _found(scene, fault)
    assert whole_again.troubles == [], str(whole_again)
    fault.plant(monkeypatch)
    assert (await _found(scene, fault)).troubles, f"nobody noticed: {fault.words}"
