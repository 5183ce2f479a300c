"""Kiln's journal: one Markdown file an article, with its particulars between two lines of plus signs."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.content import article_editing
from components.demo.demo_products import KILN, shelves
from components.foundation import clock


@dataclass(frozen=True)
class DemoArticle:
    slug: str
    title: str
    teaser: str
    body: str
    cover: str
    days_ago: int
    gate: str
    drip_days: int


def demo_articles() -> tuple[DemoArticle, ...]:
    return tuple(_read(path.read_text(encoding="utf-8")) for path in sorted((KILN / "journal").glob("*.md")))


async def print_out(today: datetime, *, by: UUID) -> None:
    """Publish every essay on its day, at eight in the morning."""
    for essay in demo_articles():
        out_at = (today - timedelta(days=essay.days_ago)).replace(hour=8, minute=0, second=0)
        with clock.frozen(out_at):
            await article_editing.create(
                article_editing.Draft(
                    slug=essay.slug, title=essay.title, teaser=essay.teaser, body=essay.body, gate=essay.gate,
                    drip_days=essay.drip_days, published_at=out_at, **_cover(essay.cover),
                ),
                by=by,
            )  # fmt: skip


def _cover(named: str) -> dict[str, str]:
    """A ware's picture in one glaze, named as its file is."""
    slug, glaze = named.rsplit("-", 1)
    product = snapshot_refresh.snapshot().product(slug)
    ware = next(ware for shelf in shelves() for ware in shelf.wares if ware.slug == slug)
    wanted = ware.alt(glaze.capitalize())
    picture = next((one for one in product.pictures if one.alt == wanted), None) if product else None
    return {"cover": picture.path, "cover_alt": picture.alt} if picture else {}


def _read(written: str) -> DemoArticle:
    _, head, body = written.split("+++", 2)
    said: dict[str, Any] = tomllib.loads(head)
    return DemoArticle(body=body.strip(), gate=said.pop("gate", "public"), drip_days=said.pop("drip_days", 0), **said)
