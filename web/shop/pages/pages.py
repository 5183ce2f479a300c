"""A page of the shop: its text as it is published now, with what the shop knows filled in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath
from markupsafe import Markup

from components.checkout import page_values
from components.content.pages import page_placeholders, published_pages
from components.content.pages.published_pages import PublishedPage
from web.guards import anyone
from web.shop.pages.contact_form import ContactForm, blank_form
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class ContentPage(View):
    """`form` is None on all pages but the contact page. `slug` is "" for a contact form without a page."""

    template: ClassVar[str] = "shop/pages/show.html"
    slug: str
    title: str
    summary: str
    html: Markup
    changed_at: datetime | None
    form: ContactForm | None


class PageController(Controller):
    path = "/pages"
    guards = [anyone]

    @get("/{slug:str}")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        found = await published_pages.by_slug(slug)
        form = blank_form(request) if found.kind == "contact" else None
        return page(request, await content_page(found, form))


async def content_page(found: PublishedPage, form: ContactForm | None) -> ContentPage:
    values = await page_values.values()
    return ContentPage(
        slug=found.slug,
        title=found.title,
        summary=page_placeholders.fill_line(found.summary, values) or found.title,
        html=Markup(await found.html(values)),
        changed_at=found.changed_at,
        form=form,
    )
