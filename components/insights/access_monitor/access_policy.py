"""What each kind of visitor should see, computed from the rows alone: shares no code with the pages.

A kind of benefit only says which of the rules below applies to it (`monitored_as`), or which pages it opens.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from components.foundation import database, json
from components.memberships.benefits.kinds import all_kinds
from components.memberships.benefits.protocol import MonitoredPage, MonitorRule
from components.memberships.plans import plan_catalogue

GUEST, LAPSED = "guest", "lapsed"
ANNOUNCED = timedelta(days=30)
EACH = 6
"""How many products of each sort, and how many articles, are checked."""

_PASSAGE = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){4,}")


class _Product(NamedTuple):
    id: UUID
    slug: str
    title: str
    status: str
    public_from: datetime | None
    members_only: bool
    variant: UUID
    collections: list[UUID]


class _Article(NamedTuple):
    slug: str
    title: str
    teaser: str
    body: str
    gate: str
    drip_days: int
    published_at: datetime | None


class _Promised(NamedTuple):
    """A benefit of a plan; of a plan without any, `kind` and `settings` are empty."""

    slug: str
    kind: str
    settings: str


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """A product, an article or a page that a kind of benefit names.

    `is_open`: can be bought (None if it is not sold); `passage`: words of its body; `has_api`: the API offers it.
    """

    path: str
    title: str
    is_shown: bool
    is_open: bool | None = None
    passage: str = ""
    is_whole: bool = False
    has_api: bool = True


@dataclass(frozen=True)
class ExpectedAccess:
    who: str
    pieces: tuple[ProductFacts, ...]


async def expectations(at: datetime) -> tuple[ExpectedAccess, ...]:
    """A guest, a person whose membership has ended, and a new member of each plan at this instant."""
    products = await database.fetch_as(_Product, _PRODUCTS, at, EACH)
    articles = await database.fetch_as(_Article, _ARTICLES, at, EACH)
    promised = await database.fetch_as(_Promised, _PROMISED, at)
    slugs = dict.fromkeys(row.slug for row in promised)
    by_plan = {slug: [row for row in promised if row.slug == slug and row.kind] for slug in slugs}
    held_by: dict[str, list[_Promised]] = {GUEST: [], LAPSED: [], **by_plan}
    pages = {who: await _pages(held) for who, held in held_by.items()}
    named = dict.fromkeys(page for each in pages.values() for page in each)
    return tuple(
        ExpectedAccess(who, (*_pieces(products, articles, held, at), *(_page(one, pages[who]) for one in named)))
        for who, held in held_by.items()
    )


def unmonitored() -> tuple[str, ...]:
    """The titles of kinds that are promised and open something, but do not say what the monitor should see."""
    opening = {
        benefit.kind
        for plan in plan_catalogue.all_plans()
        for benefit in plan.benefits
        if not all(effect.is_priced for effect in benefit.effects)
    }
    return tuple(of_kind.title for key, of_kind in all_kinds().items() if key in opening and not of_kind.is_monitored)


async def _pages(held: Sequence[_Promised]) -> tuple[MonitoredPage, ...]:
    """What these benefits name themselves, for kinds that open what this module knows nothing of."""
    known = [(all_kinds()[one.kind], one.settings) for one in held if one.kind in all_kinds()]
    return tuple([page for kind, settings in known for page in await kind.monitored_pages(kind.load(settings))])


def _page(one: MonitoredPage, own: Sequence[MonitoredPage]) -> ProductFacts:
    return ProductFacts(
        path=one.path, title=one.path, is_shown=True, passage=one.passage, is_whole=one in own, has_api=False
    )


def _pieces(
    products: Iterable[_Product], articles: Iterable[_Article], held: Sequence[_Promised], at: datetime
) -> tuple[ProductFacts, ...]:
    sold = tuple(_product(row, held, at) for row in products)
    return sold + tuple(_article(row, held, at) for row in articles)


def _product(row: _Product, held: Sequence[_Promised], at: datetime) -> ProductFacts:
    path, title = f"/products/{row.slug}", row.title
    if row.status != "active":
        return ProductFacts(path=path, title=title, is_shown=False)
    opens = row.public_from
    if opens is not None:
        early = max(
            (json.load(one.settings)["hours"] for one in held if _covers(one, row, "products early")), default=0
        )
        opens -= timedelta(hours=early)
        if at < opens:
            return ProductFacts(path=path, title=title, is_shown=opens - ANNOUNCED <= at, is_open=False)
    is_let_in = not row.members_only or any(_covers(one, row, "products for members") for one in held)
    return ProductFacts(path=path, title=title, is_shown=True, is_open=is_let_in)


def _is_by(promised: _Promised, rule: MonitorRule) -> bool:
    return promised.kind in all_kinds() and all_kinds()[promised.kind].monitored_as == rule


def _covers(promised: _Promised, product: _Product, rule: MonitorRule) -> bool:
    if not _is_by(promised, rule):
        return False
    covered = json.load(promised.settings).get("covered") or {"kind": "everything", "ids": []}
    own = {"product": [product.id], "collection": product.collections, "variant": [product.variant]}
    part = covered["kind"]
    return part == "everything" or not {str(one) for one in own[part]}.isdisjoint(covered["ids"])


def _article(row: _Article, held: Sequence[_Promised], at: datetime) -> ProductFacts:
    is_out = row.published_at is not None and row.published_at <= at
    has_journal = any(_is_by(one, "articles") for one in held)
    is_whole = is_out and (row.gate == "public" or (has_journal and row.drip_days == 0))
    longest = max(_PASSAGE.findall(row.body), key=len, default="")
    passage = "" if longest in row.teaser else longest
    return ProductFacts(
        path=f"/journal/{row.slug}", title=row.title, is_shown=is_out, passage=passage, is_whole=is_whole
    )


# One variant each: with several, a page shows the cheapest one for this visitor first.
_PRODUCTS = """
WITH sorted AS (
  SELECT p.*, CASE WHEN status <> 'active' THEN 'away' WHEN members_only THEN 'members'
    WHEN public_from > $1 THEN 'dated' ELSE 'plain' END AS sort FROM insights_products p
  WHERE (SELECT count(*) FROM insights_variants v WHERE v.product = p.id AND v.withdrawn_at IS NULL) = 1),
ranked AS (SELECT s.*, row_number() OVER (PARTITION BY sort ORDER BY changed_at DESC, id) AS place FROM sorted s)
SELECT r.id, r.slug, r.title, r.status, r.public_from, r.members_only,
  (SELECT v.id FROM insights_variants v WHERE v.product = r.id AND v.withdrawn_at IS NULL) AS variant,
  ARRAY(SELECT c.collection FROM insights_collection_products c WHERE c.product = r.id) AS collections
FROM ranked r WHERE place <= $2
"""
_ARTICLES = """
WITH ranked AS (SELECT a.*, row_number() OVER (
  PARTITION BY gate, published_at <= $1 ORDER BY changed_at DESC, id) AS place FROM insights_articles a)
SELECT slug, title, teaser, body, gate, drip_days, published_at FROM ranked WHERE place <= $2
"""
_PROMISED = """
SELECT p.slug, coalesce(b.kind, '') AS kind, coalesce(v.settings::text, '') AS settings FROM insights_plans p
JOIN insights_plan_versions pv ON pv.plan = p.id AND holds(pv.from_at, pv.until_at, $1)
LEFT JOIN insights_plan_benefits pb ON pb.plan = p.id AND holds(pb.from_at, pb.until_at, $1)
LEFT JOIN insights_benefits b ON b.id = pb.benefit
LEFT JOIN insights_benefit_versions v ON v.benefit = b.id AND holds(v.from_at, v.until_at, $1)
ORDER BY p.position, p.slug
"""
