"""Pages in the staff area: begun for the shop's country, written, published, and as they were before."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from components.checkout import page_values
from components.content import markdown
from components.content.pages import page_editing, page_placeholders, starter_pages
from components.content.pages.page_editing import PageAddressTaken, PageChanged, PastVersion, StoredPage
from components.content.pages.page_placeholders import WORDS, FilledText
from components.foundation.shop_settings import shop_settings
from components.people import operators
from web import countries
from web.current_person import person_id_of
from web.forms.sending import WITH_FILE, read_body
from web.guards import staff
from web.replies import see_other, with_notice, with_undo
from web.staff.content import picture_picking
from web.staff.content.page_forms import PageForm, PublishPageForm, filled
from web.staff.content.picture_picking import PicturePicker
from web.views import View, page

LIST = "/staff/pages"
SAVED = "Saved as version {}."
READ_ALREADY = "Everybody can read this page, so a gap can’t be saved in it. Fill it in, or unpublish the page first."
UNFINISHED = "This page still has gaps. Fill them in, or tick that you want to publish it all the same."


@dataclass(frozen=True, kw_only=True)
class StaffPagesPage(View):
    """`missing`: kinds of pages that the shop has none of. `open_points`: how much is left to fill in, by address."""

    template: ClassVar[str] = "staff/content/pages/index.html"
    pages: tuple[StoredPage, ...]
    open_points: dict[str, int]
    missing: tuple[str, ...]
    country: str
    region: str


@dataclass(frozen=True, kw_only=True)
class EditContentPage(View):
    """`stored` is None for a page that does not exist yet. `theirs` is what somebody else saved meanwhile."""

    template: ClassVar[str] = "staff/content/pages/edit.html"
    partial: ClassVar[str | None] = "staff/content/pages/_preview.html"
    title: str
    action: str
    form: PageForm
    stored: StoredPage | None
    filled: FilledText
    html: Markup
    words: dict[str, str]
    publish: PublishPageForm
    versions: tuple[tuple[PastVersion, str], ...]
    theirs: tuple[PastVersion, str] | None
    picker: PicturePicker


class StaffPagesController(Controller):
    path = LIST
    guards = [staff("content")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        pages, values = await page_editing.all_pages(), await page_values.values()
        known = {one.kind for one in pages}
        names, country = dict(page_editing.KINDS), shop_settings.current().country
        view = StaffPagesPage(
            pages=pages,
            open_points={one.slug: _open_points(one, values) for one in pages},
            missing=tuple(names[kind] for kind in starter_pages.KINDS if kind not in known),
            country=countries.name(country),
            region=dict(starter_pages.REGIONS)[starter_pages.region_of(country)],
        )
        return page(request, view)

    @post("/begin")
    async def begin(self, request: Request[Any, Any, Any]) -> Response[Any]:
        begun = await starter_pages.begin(by=person_id_of(request))
        count = len(begun.created)
        words = f"{count} pages begun. Nobody sees them until you publish them." if count else "Every page is there."
        return with_notice(see_other(LIST), words)

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await show_page(request, PageForm.blank(kind="other"), None)

    @post("/new", request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await PageForm.read(request)
        if form.is_valid and not await _is_a_look(request):
            try:
                await page_editing.create(form.draft, by=person_id_of(request))
                return with_notice(see_other(LIST), f"“{form.title}” saved. Publish it when it is ready.")
            except PageAddressTaken as refusal:
                form.refuse("slug", str(refusal))
        return await show_page(request, form, None)

    @get("/{slug:str}")
    async def edit(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        stored = await page_editing.by_slug(slug)
        return await show_page(request, filled(stored), stored)

    @post("/{slug:str}", request_max_body_size=WITH_FILE)
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        stored, form = await page_editing.by_slug(slug), await PageForm.read(request)
        is_look = await _is_a_look(request)
        if form.is_valid and not is_look and is_newly_unfinished(stored, form.draft.body):
            form.refuse("body", READ_ALREADY)
        if form.is_valid and not is_look:
            try:
                number = await page_editing.update(
                    stored.id, form.draft, based_on=form.based_on, by=person_id_of(request)
                )
                again = next(one for one in await page_editing.all_pages() if one.id == stored.id)
                return with_notice(see_other(f"{LIST}/{again.slug}"), SAVED.format(number))
            except PageAddressTaken as refusal:
                form.refuse("slug", str(refusal))
            except PageChanged as refusal:
                form.refuse(None, str(refusal))
                return await show_page(request, form, await page_editing.by_slug(slug), is_conflict=True)
        return await show_page(request, form, stored)

    @post("/{slug:str}/publish")
    async def publish(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        stored, form = await page_editing.by_slug(slug), await PublishPageForm.read(request)
        if _open_points(stored, await page_values.values()) and not form.anyway:
            form.refuse("anyway", UNFINISHED)
            return await show_page(request, filled(stored), stored, publish=form)
        await page_editing.publish(stored.id, by=person_id_of(request))
        return with_notice(see_other(f"{LIST}/{slug}"), "Published. Everybody can read it now.")

    @post("/{slug:str}/unpublish")
    async def unpublish(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        stored = await page_editing.by_slug(slug)
        await page_editing.unpublish(stored.id, by=person_id_of(request))
        words = "Unpublished. Links to it lead nowhere until it is back."
        return with_undo(see_other(f"{LIST}/{slug}"), words, undo=f"{LIST}/{slug}/publish")


def is_newly_unfinished(stored: StoredPage, body: str) -> bool:
    """Saving would show everybody a gap that nobody has agreed to publish."""
    return stored.published_at is not None and bool(set(page_placeholders.gaps(body)) - set(stored.gaps))


def _open_points(stored: StoredPage, values: dict[str, str]) -> int:
    shown = page_placeholders.fill(stored.body, values)
    return len(shown.missing) + len(shown.gaps)


async def _is_a_look(request: Request[Any, Any, Any]) -> bool:
    """Whether this is only a preview, or a picture for the text; nothing is saved then."""
    return "look" in await read_body(request) or await picture_picking.is_asked(request)


async def show_page(
    request: Request[Any, Any, Any],
    form: PageForm,
    stored: StoredPage | None,
    publish: PublishPageForm | None = None,
    *,
    is_conflict: bool = False,
) -> Response[Any]:
    picker = await picture_picking.picker(request, form)
    shown = page_placeholders.fill(form.values.get("body") or "", await page_values.values())
    names = {one.person_id: one.name or one.email for one in await operators.all_operators()}
    past = await page_editing.versions(stored.id) if stored else ()
    named = tuple((one, names.get(one.by, "Former staff") if one.by else "") for one in past)
    if is_conflict and stored:
        form.typed["based_on"] = [str(stored.version)]
    view = EditContentPage(
        title=stored.title if stored else "New page",
        action=f"{LIST}/{stored.slug}" if stored else f"{LIST}/new",
        form=form,
        stored=stored,
        filled=shown,
        html=Markup(await markdown.prepared(shown.markdown)),
        words=WORDS,
        publish=publish or PublishPageForm.blank(),
        versions=named,
        theirs=named[0] if is_conflict else None,
        picker=picker,
    )
    is_valid = form.is_valid and (publish is None or publish.is_valid)
    return page(request, view, status=409 if is_conflict else picker.status if is_valid else 422)
