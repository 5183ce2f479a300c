"""The journal: its list, and each article, whole or as far as this visitor may read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath
from markupsafe import Markup

from components.content import articles
from components.content.articles import ArticleView, Listed
from components.content.gates import GateReason
from components.foundation.languages.words import _
from components.memberships.plans import lead_plan
from web.guards import anyone
from web.shop.join.on_hold_text import OnHoldText, on_hold_of
from web.shop.journal.article_images import cover
from web.shop.products.cards import CardPicture
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class Teaser:
    """One article in the list."""

    href: str
    title: str
    lead: str
    cover: CardPicture | None
    published_at: datetime | None
    is_for_members: bool
    is_open: bool
    opens_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class JournalPage(View):
    template: ClassVar[str] = "shop/journal/index.html"
    articles: tuple[Teaser, ...]


@dataclass(frozen=True, kw_only=True)
class ArticlePage(View):
    template: ClassVar[str] = "shop/journal/show.html"
    article: ArticleView
    cover: CardPicture | None
    html: Markup
    is_whole: bool
    opens_at: datetime | None
    is_for_members: bool
    join_words: str
    on_hold: OnHoldText | None
    more: tuple[Teaser, ...]


class JournalController(Controller):
    path = "/journal"
    guards = [anyone]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        listed = await articles.published(visitor.standing, visitor.at)
        return page(request, JournalPage(articles=tuple(teaser_of(one) for one in listed)))

    @get("/{slug:str}")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        visitor = visitor_of(request)
        opened = await articles.by_slug(slug, visitor.standing, visitor.at)
        others = await articles.published(visitor.standing, visitor.at, limit=4)
        plan = lead_plan.current_plan(visitor.at)
        return page(
            request,
            ArticlePage(
                article=opened.article,
                cover=cover(opened.article.cover, opened.article.cover_alt),
                html=Markup(opened.html),
                is_whole=opened.reading.whole,
                opens_at=opened.reading.opens_at if opened.reading.why is GateReason.LATER else None,
                is_for_members=opened.article.is_for_members,
                join_words=_("%(plan)s costs %(price)s.", plan=plan.name, price=plan.price_words) if plan else "",
                on_hold=on_hold_of(visitor),
                more=tuple(teaser_of(one) for one in others if one.article.slug != slug)[:3],
            ),
        )


def teaser_of(listed: Listed) -> Teaser:
    article, reading = listed.article, listed.reading
    return Teaser(
        href=f"/journal/{article.slug}",
        title=article.title,
        lead=article.teaser,
        cover=cover(article.cover, article.cover_alt),
        published_at=article.published_at,
        is_for_members=article.is_for_members,
        is_open=reading.whole,
        opens_at=reading.opens_at if reading.why is GateReason.LATER else None,
    )
