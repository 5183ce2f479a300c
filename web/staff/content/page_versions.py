"""Past versions of a page: read again, and their text used again."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from components.checkout import page_values
from components.content import markdown
from components.content.pages import page_editing, page_placeholders
from components.content.pages.page_editing import PastVersion, StoredPage
from components.foundation.refusals import NotFound, Refusal
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.content.page_forms import PageForm, filled
from web.staff.content.pages import LIST, READ_ALREADY, SAVED, is_newly_unfinished, show_page
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class PageVersionPage(View):
    template: ClassVar[str] = "staff/content/pages/version.html"
    stored: StoredPage
    version: PastVersion
    html: Markup


class StaffPageVersionsController(Controller):
    path = LIST
    guards = [staff("content")]

    @get("/{slug:str}/versions/{number:int}")
    async def version(
        self, request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[int]
    ) -> Response[Any]:
        stored, known = await _version(slug, number)
        shown = page_placeholders.fill(known.body, await page_values.values())
        html = Markup(await markdown.prepared(shown.markdown))
        return page(request, PageVersionPage(stored=stored, version=known, html=html))

    @post("/{slug:str}/versions/{number:int}")
    async def restore(
        self, request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[int]
    ) -> Response[Any]:
        """The old text becomes a new version, so that nothing is lost."""
        stored, known = await _version(slug, number)
        if is_newly_unfinished(stored, known.body):
            return await show_page(request, _as_it_was(stored, known).refuse("body", READ_ALREADY), stored)
        draft = page_editing.PageDraft(
            slug=stored.slug, title=known.title, kind=stored.kind, summary=known.summary, body=known.body
        )
        try:
            made = await page_editing.update(stored.id, draft, by=person_id_of(request))
        except Refusal as refusal:
            return await show_page(request, filled(stored).refuse(None, str(refusal)), stored)
        return with_notice(see_other(f"{LIST}/{slug}"), SAVED.format(made))


def _as_it_was(stored: StoredPage, known: PastVersion) -> PageForm:
    """The old text in the form, to be finished there; nothing is saved."""
    form = filled(stored)
    for name in ("title", "summary", "body"):
        form.typed[name] = [getattr(known, name)]
        form.values[name] = getattr(known, name)
    return form


async def _version(slug: str, number: int) -> tuple[StoredPage, PastVersion]:
    stored = await page_editing.by_slug(slug)
    found = next((one for one in await page_editing.versions(stored.id) if one.number == number), None)
    if found is None:
        raise NotFound("There is no such version.")
    return stored, found
