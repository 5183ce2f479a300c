"""Journal articles in the staff area."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from components.content import article_editing, markdown
from components.content.article_editing import GATES, ArticleAddressTaken, ArticleRow, Draft
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.forms.fields import Choice, LongText, Slug, Text
from web.forms.form import Form
from web.forms.form_versions import Seen, is_stale, mark
from web.forms.numbers import Whole
from web.forms.sending import WITH_FILE, read_body
from web.forms.times import Moment
from web.guards import staff
from web.replies import deleted, see_other, with_notice
from web.staff.content import picture_picking
from web.staff.content.picture_picking import PicturePicker
from web.views import View, page, visitor_of

LIST = "/staff/articles"
CHANGED = (
    "This article was saved meanwhile, by somebody else or in another window. Both texts are below; nothing was saved "
    "now."
)


class ArticleForm(Form):
    title = Text("Title", longest=200)
    slug = Slug(
        "Address",
        longest=160,
        required=False,
        help="The last part of /journal/…. Leave empty to create it from the title.",
    )
    teaser = LongText("Teaser", longest=600, rows=3, help="Everyone can read this.")
    body = LongText(
        "Article", longest=100_000, rows=18, required=False, help="Markdown: ## heading, *emphasis*, lists."
    )
    gate = Choice("Audience", GATES, as_radio=True)
    drip_days = Whole(
        "Unlocks this many days after joining",
        most=article_editing.LONGEST_DRIP,
        required=False,
        help="0 unlocks it immediately.",
    )
    published_at = Moment("Publish date", required=False, help="Leave empty to keep it as a draft.")
    cover = Text("Top picture", longest=300, required=False, help="Picked beside the text, or an address in this shop.")
    cover_alt = Text("Alt text of the top picture", longest=300, required=False)
    seen = Seen()


@dataclass(frozen=True, kw_only=True)
class ArticlesPage(View):
    template: ClassVar[str] = "staff/content/articles/index.html"
    articles: tuple[tuple[ArticleRow, str], ...]


@dataclass(frozen=True, kw_only=True)
class EditPage(View):
    """`theirs` is what somebody else has saved meanwhile."""

    template: ClassVar[str] = "staff/content/articles/edit.html"
    partial: ClassVar[str | None] = "staff/content/articles/_preview.html"
    title: str
    action: str
    form: ArticleForm
    teaser: str
    html: Markup
    address: str
    theirs: Draft | None
    picker: PicturePicker


class StaffArticlesController(Controller):
    path = LIST
    guards = [staff("content")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        at = visitor_of(request).at
        rows = await article_editing.all_articles()
        states = [
            "draft" if not row.published_at else "published" if row.published_at <= at else "scheduled" for row in rows
        ]
        return page(request, ArticlesPage(articles=tuple(zip(rows, states, strict=True))))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _shown(
            request, ArticleForm.blank(gate="public", drip_days=0), action=f"{LIST}/new", title="New article"
        )

    @post("/new", request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await ArticleForm.read(request)
        if form.is_valid and not await _is_a_look(request):
            try:
                await article_editing.create(_draft(form), by=person_id_of(request))
                return with_notice(see_other(LIST), f"“{form.title}” saved.")
            except Refusal as refusal:
                form.refuse("slug" if isinstance(refusal, ArticleAddressTaken) else "drip_days", str(refusal))
        return await _shown(request, form, action=f"{LIST}/new", title="New article")

    @get("/{slug:str}")
    async def edit(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        _, draft = await article_editing.by_id(slug)
        return await _shown(
            request, _filled(draft), action=f"{LIST}/{slug}", title=draft.title, address=f"/journal/{slug}"
        )

    @post("/{slug:str}", request_max_body_size=WITH_FILE)
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        article_id, draft = await article_editing.by_id(slug)
        form = await ArticleForm.read(request)
        if form.is_valid and not await _is_a_look(request):
            if is_stale(form.seen, draft):
                form.typed["seen"] = [mark(draft)]
                form.refuse(None, CHANGED)
                return await _shown(request, form, action=f"{LIST}/{slug}", title=draft.title, theirs=draft)
            try:
                await article_editing.update(article_id, _draft(form), by=person_id_of(request))
                return with_notice(see_other(LIST), f"“{form.title}” saved.")
            except Refusal as refusal:
                form.refuse("slug" if isinstance(refusal, ArticleAddressTaken) else "drip_days", str(refusal))
        return await _shown(request, form, action=f"{LIST}/{slug}", title=draft.title, address=f"/journal/{slug}")

    @post("/{slug:str}/deletion")
    async def delete(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        article_id, draft = await article_editing.by_id(slug)
        deletion = await article_editing.delete(article_id, by=person_id_of(request))
        return deleted(see_other(LIST), f"“{draft.title}” deleted.", deletion)


async def _is_a_look(request: Request[Any, Any, Any]) -> bool:
    """Whether this is only a preview, or a picture for the text; nothing is saved then."""
    return "look" in await read_body(request) or await picture_picking.is_asked(request)


async def _shown(
    request: Request[Any, Any, Any],
    form: ArticleForm,
    *,
    action: str,
    title: str,
    address: str = "",
    theirs: Draft | None = None,
) -> Response[Any]:
    picker = await picture_picking.picker(request, form, cover=True)
    html = Markup(await markdown.prepared(form.values.get("body") or ""))
    teaser = form.values.get("teaser") or ""
    view = EditPage(title=title, action=action, form=form, teaser=teaser, html=html, address=address, theirs=theirs,
                    picker=picker)  # fmt: skip
    return page(request, view, status=409 if theirs else picker.status if form.is_valid else 422)


def _draft(form: ArticleForm) -> Draft:
    return Draft(
        slug=form.slug,
        title=form.title,
        teaser=form.teaser,
        body=form.body,
        cover=form.cover,
        cover_alt=form.cover_alt,
        gate=form.gate,
        drip_days=form.drip_days or 0,
        published_at=form.published_at,
    )


def _filled(draft: Draft) -> ArticleForm:
    return ArticleForm.blank(
        title=draft.title,
        slug=draft.slug,
        teaser=draft.teaser,
        body=draft.body,
        gate=draft.gate,
        drip_days=draft.drip_days,
        published_at=draft.published_at,
        cover=draft.cover,
        cover_alt=draft.cover_alt,
        seen=mark(draft),
    )
