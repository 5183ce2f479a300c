"""The journal: its list, and each article, whole or as far as the caller may read it."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.content import articles
from components.content.articles import ArticleView, Listed
from components.content.gates import ArticleAccess, GateReason
from web.api.responses import json_response
from web.guards import caller
from web.shop import public_urls
from web.views import visitor_of


class ListedArticle(msgspec.Struct, frozen=True, kw_only=True):
    """`is_open`: the caller may read it whole; `opens_at` is when it opens for a member who has to wait."""

    slug: str
    url: str
    title: str
    teaser: str
    published_at: datetime | None
    is_for_members: bool
    is_open: bool
    opens_at: datetime | None


class Articles(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first."""

    articles: tuple[ListedArticle, ...]


class ApiArticle(ListedArticle, frozen=True, kw_only=True):
    """`body` is sanitised HTML, or None for a caller who may not read it."""

    body: str | None


class ApiArticlesController(Controller):
    path = "/api/v1/articles"
    guards = [caller]
    tags = ["Shop"]

    @get(summary="Articles, newest first")
    async def index(self, request: Request[Any, Any, Any]) -> Response[Articles]:
        visitor = visitor_of(request)
        found = await articles.published(visitor.standing, visitor.at)
        return json_response(request, Articles(articles=tuple(article_list(one) for one in found)))

    @get("/{slug:str}", summary="One article: the teaser or the full text")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[ApiArticle]:
        visitor = visitor_of(request)
        opened = await articles.by_slug(slug, visitor.standing, visitor.at)
        body = opened.html if opened.reading.whole else None
        return json_response(request, ApiArticle(body=body, **_listed_fields(opened.article, opened.reading)))


def article_list(one: Listed) -> ListedArticle:
    return ListedArticle(**_listed_fields(one.article, one.reading))


def _listed_fields(article: ArticleView, reading: ArticleAccess) -> dict[str, Any]:
    return {
        "slug": article.slug,
        "url": public_urls.absolute(f"/journal/{article.slug}"),
        "title": article.title,
        "teaser": article.teaser,
        "published_at": article.published_at,
        "is_for_members": article.is_for_members,
        "is_open": reading.whole,
        "opens_at": reading.opens_at if reading.why is GateReason.LATER else None,
    }
