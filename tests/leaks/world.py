"""The world of the matrix: products and articles with something to hide at every edge, and plans that open them.

Made with the verbs that the shop itself uses. `T` is the instant about which everything happens.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from components.catalog.pictures import pictures
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import collections as catalog_collections
from components.catalog.products import products
from components.catalog.products.collections import CollectionDetails
from components.content import article_editing
from components.content.article_editing import Draft
from components.content.site import home_editing
from components.foundation import database, ids
from components.memberships.editing import plan_benefits, plans
from tests.leaks.words import word
from tests.support import make_delivery

T = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGINNING = T - 90 * DAY
COMMON = "stoneware"
"""A word that all products are described with, so that a search for it would find what is hidden too."""

SECRET = f"of-{word('buried', 'slug')}"
"""A listed collection with nothing in it but what is buried."""

COST = 8_765_431
"""What every piece costs the shop: a figure that is nowhere else, and that no page for shoppers may name."""

EVERYTHING = {"covers": "everything"}


@dataclass
class World:
    products: dict[str, UUID] = field(default_factory=dict)
    variants: dict[str, tuple[UUID, ...]] = field(default_factory=dict)
    articles: dict[str, UUID] = field(default_factory=dict)
    plans: dict[str, UUID] = field(default_factory=dict)


async def make() -> World:
    world = World()
    secret = (SECRET, f"Of {word('buried', 'text')}", True)
    for slug, title, is_listed in (("kiln", "Kiln", True), ("vault", "Vault", True), ("quiet", "Quiet", False), secret):
        await catalog_collections.create(CollectionDetails(title=title, is_listed=is_listed), slug=slug)
    await _products(world)
    await _articles(world)
    await _plans(world)
    await _home()
    await _pairs(world)
    await make_delivery.method("By post", "GB", fee=500)
    return world


async def _home() -> None:
    """Sections that name what not everybody may see."""
    for key in ("far", "club", "clubsoon", "buried", "halves", "archived"):
        await home_editing.add("product", {"product": f"the-{word(key, 'slug')}"}, by=None)
    for slug in ("vault", "quiet", SECRET):
        await home_editing.add("collection", {"collection": slug}, by=None)


async def _pairs(world: World) -> None:
    """Everything goes with everything, so that each page would name whatever it may."""
    await database.execute(
        """INSERT INTO product_pair (id, product, other, together, buyers, score)
           SELECT gen_random_uuid(), a.id, b.id, 3, 3, 0.5 FROM product a JOIN product b ON a.id <> b.id"""
    )
    await home_editing.add("for_you", {"collection": "vault", "count": 12}, by=None)


async def _products(world: World) -> None:
    await _product(world, "plain", price=10_000)
    await _product(world, "sale", price=5_000, sale_price=4_000, sale_from=T - 2 * DAY, sale_until=T + 84 * HOUR)
    await _product(world, "draft", status="draft")
    await _product(world, "archived", status="archived")
    await _product(world, "soon", public_from=T + 10 * DAY)
    await _product(world, "far", public_from=T + 60 * DAY, collections=("kiln", "quiet"))
    await _product(world, "club", members_only=True)
    await _product(world, "clubsoon", members_only=True, public_from=T + 5 * DAY)
    await _product(world, "vault", members_only=True, collections=("vault",))
    await _product(world, "buried", public_from=T + 75 * DAY, collections=("vault", "quiet", SECRET))
    await _product(world, "halves", public_from=T + 20 * DAY, option_names=("Glaze",), sold=("Ash", "Oat"))
    await _product(world, "priced", price=7_000)


async def _product(
    world: World,
    key: str,
    *,
    price: int = 6_000,
    sold: tuple[str, ...] = ("",),
    collections: tuple[str, ...] = ("kiln",),
    **more: Any,
) -> None:
    own = {name: more.pop(name) for name in tuple(more) if name in ProductDetails.__dataclass_fields__}
    details = ProductDetails(
        title=f"The {word(key, 'title')}",
        description=f"{COMMON.title()}, {word(key, 'text')}. Nobody else says hush{key}.",
        collections=collections,
        **own,
    )
    sku = word(key, "sku")
    variants = [
        VariantDetails(
            price=price, cost=COST, tracks_stock=False, sku=f"{sku}-{turn}", options=(option,) if option else (), **more
        )
        for turn, option in enumerate(sold)
    ]
    world.products[key] = await products.create(details, variants, slug=f"the-{word(key, 'slug')}")
    rows = await database.fetch("SELECT id FROM variant WHERE product = $1 ORDER BY position", world.products[key])
    world.variants[key] = tuple(row["id"] for row in rows)
    await _picture(world.products[key], key)


async def _picture(product_id: UUID, key: str) -> None:
    """A file like those the shop keeps, and the row that says whose it is."""
    name = picture_name(key)
    pictures.storage_folder().mkdir(parents=True, exist_ok=True)
    (pictures.storage_folder() / f"{name}-320.webp").write_bytes(b"RIFF" + word(key, "alt").encode())
    await database.execute(
        "INSERT INTO picture (id, product, path, alt, position, width, height) VALUES ($1, $2, $3, $4, 0, 320, 320)",
        ids.new(), product_id, name, word(key, "alt"),
    )  # fmt: skip


def picture_name(key: str) -> str:
    return key.encode().hex().ljust(40, "0")[:40]


async def _articles(world: World) -> None:
    out = T - 60 * DAY
    await _article(world, "open", published_at=out)
    await _article(world, "gated", published_at=out, gate="members")
    await _article(world, "drip", published_at=out, gate="members", drip_days=30)
    await _article(world, "later", published_at=T + 2 * DAY)
    await _article(world, "gatedlater", published_at=T + 4 * DAY, gate="members")
    await _article(world, "unwritten", published_at=None, gate="members")


async def _article(world: World, key: str, **rest: Any) -> None:
    world.articles[key] = await article_editing.create(
        Draft(
            slug=f"on-{word(key, 'slug')}",
            title=f"On {word(key, 'title')}",
            teaser=f"Of {word(key, 'teaser')}.",
            body=f"It says {word(key, 'body')}, and nobody else says hush{key}.",
            **rest,
        ),
        by=None,
    )


async def _plans(world: World) -> None:
    """Monthly opens most, annual opens earlier, the patron's plan opens the vault only and is not on offer."""
    priced, buried, club = (_only(world.products[key]) for key in ("priced", "buried", "club"))
    present = [str(world.variants["far"][0])]
    ash = {"covers": "variant", "variants": [str(world.variants["halves"][0])]}
    vault = await database.fetch_value("SELECT id FROM collection WHERE slug = 'vault'")
    journal = await _benefit("content", "The whole journal")
    await _plan(world, "monthly", 400, "month", [
        await _benefit("member_price", "A fifth off", discount_type="percent", percent=2000, **EVERYTHING),
        await _benefit("early_access", "Three days early", hours=72, **EVERYTHING),
        await _benefit("members_only", "The club's own", **EVERYTHING), journal,
    ])  # fmt: skip
    await _plan(world, "annual", 3900, "year", [
        await _benefit("member_price", "A price of its own", discount_type="explicit", amount=3333, **priced),
        await _benefit("early_access", "A week early", hours=168, **EVERYTHING),
        await _benefit("early_access", "Ash first", hours=480, **ash),
        await _benefit("early_access", "The buried one first", hours=400, **buried),
        await _benefit("members_only", "The one", **club), journal,
        await _benefit("gift", "A present", occasion="birthday", variants=present, days=60),
    ])  # fmt: skip
    await _plan(world, "friend", 0, "life", [await _benefit("content", "The journal for friends")])
    await _plan(world, "patron", 9900, "year", [
        await _benefit("members_only", "The vault", covers="collection", collections=[str(vault)]),
    ])  # fmt: skip


def _only(product_id: UUID) -> dict[str, Any]:
    return {"covers": "product", "products": [str(product_id)]}


async def _plan(world: World, slug: str, price: int, interval: str, given: list[UUID]) -> None:
    world.plans[slug] = await plans.create(
        slug=slug, name=slug.title(), summary="", price=price, interval=interval, position=len(world.plans), by=None
    )
    for position, benefit_id in enumerate(given):
        await plan_benefits.attach(world.plans[slug], benefit_id, by=None, position=position)
    if slug == "patron":
        await plans.archive(world.plans[slug], by=None)


async def _benefit(kind: str, name: str, **answers: Any) -> UUID:
    return await plan_benefits.create_benefit(kind_key=kind, name=name, answers=answers, by=None)
