"""Product files of other shops: preview, import and export."""

import asyncio
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.snapshot import snapshot_refresh
from components.foundation import audit
from components.foundation.operations import security_events
from components.foundation.refusals import NotFound, Refusal
from components.foundation.sheets import formula_escaping
from components.foundation.sheets.csv_sheets import MOST_BYTES
from components.foundation.shop_settings import shop_settings
from components.product_files import export_file, import_archive
from components.product_files.runs import import_runs
from components.product_files.runs.import_runs import ImportRun
from components.product_files.runs.run_kinds import PRODUCTS
from web.current_person import person_id_of
from web.forms.fields import File, Tick
from web.forms.form import Form
from web.forms.sending import WITH_FILE
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.catalogue import import_run_page
from web.staff.catalogue.import_run_page import RunPages
from web.views import View, page, visitor_of

LIST = "/staff/imports"
KIND = RunPages(LIST, PRODUCTS, "product", "products")


class ImportUploadForm(Form):
    sheet = File("CSV file", help="A product export from Shopify or WooCommerce, up to 10 MB.")


class ArrivalForm(Form):
    as_drafts = Tick("New products as drafts")


@dataclass(frozen=True, kw_only=True)
class ImportsPage(View):
    template: ClassVar[str] = "staff/catalogue/imports/index.html"

    form: ImportUploadForm
    runs: list[ImportRun]
    files: tuple[tuple[str, str], ...]
    may_see_members: bool
    currency: str = field(default_factory=lambda: shop_settings.current().currency)


class StaffImportsController(Controller):
    path = LIST
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _list(request, ImportUploadForm.blank())

    @post(request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Store the file; a job finds out what would change, and nothing is changed yet."""
        form = await ImportUploadForm.read(request)
        if not form.is_valid or form.sheet is None:
            return await _list(request, form, status=422)
        try:
            source = await form.sheet.read(MOST_BYTES + 1)
            name = PurePath(form.sheet.filename or "products.csv").name[:200]
            run_id = await import_runs.create(source, name=name, by=person_id_of(request))
        except Refusal as refusal:
            return await _list(request, form.refuse("sheet", str(refusal)), status=refusal.status)
        return see_other(f"{LIST}/{run_id}")

    @get("/{run_id:uuid}")
    async def run(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        return await import_run_page.shown(request, run_id, KIND)

    @post("/{run_id:uuid}/columns")
    async def choose(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        """Check the file again with other columns or letters."""
        return await import_run_page.chosen(request, run_id, KIND)

    @post("/{run_id:uuid}/arrival")
    async def bring_in(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        run = await import_runs.by_id(run_id, PRODUCTS)
        await _note(request, "import", run.name)
        form = await ArrivalForm.read(request)
        await import_runs.begin(run_id, as_drafts=form.as_drafts)
        return see_other(f"{LIST}/{run_id}")

    @post("/{run_id:uuid}/cancellation")
    async def cancel(self, run_id: FromPath[UUID]) -> Response[Any]:
        return await import_run_page.cancelled(run_id, KIND)

    @post("/{run_id:uuid}/undo")
    async def undo(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        await import_runs.by_id(run_id, PRODUCTS)
        archived = await import_runs.undo(run_id, by=person_id_of(request))
        await snapshot_refresh.catch_up((await import_runs.created(run_id))[: import_run_page.MOST_TOLD])
        made = "1 product that it made is" if archived == 1 else f"{archived} products that it made are"
        words = f"Import undone: {made} archived." if archived else "Every product that it made is archived already."
        return with_notice(see_other(f"{LIST}/{run_id}"), words)

    @get("/files/{name:str}")
    async def show(self, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
        """The file with the current data."""
        await _note(request, "export", name)
        return await _download(request, await export_file.original_file(name), name)

    @get("/catalogue/{source:str}")
    async def export(self, request: Request[Any, Any, Any], source: FromPath[str]) -> Response[Any]:
        """The whole catalogue in the format of either shop."""
        await _note(request, "export", source)
        if source == "shopify":
            return await _download(request, await export_file.shopify_file(), "catalogue-shopify.csv")
        if source == "woocommerce":
            return await _download(request, await export_file.woocommerce_file(), "catalogue-woocommerce.csv")
        raise NotFound("Exports are available in Shopify and WooCommerce format.")


async def _note(request: Request[Any, Any, Any], kind: str, name: str) -> None:
    """Who takes the catalogue away, or brings a file in, is on record before it happens."""
    by = person_id_of(request)
    await security_events.note(kind, person=by, detail=name)
    await audit.record(by, "import started" if kind == "import" else "exported", "catalogue", name[:100])


async def _list(request: Request[Any, Any, Any], form: ImportUploadForm, *, status: int = 200) -> Response[Any]:
    may = visitor_of(request).may("members")
    runs, files = await import_runs.recent(), await import_archive.file_names()
    return page(request, ImportsPage(form=form, runs=runs, files=files, may_see_members=may), status=status)


async def _download(request: Request[Any, Any, Any], written: bytes, name: str) -> Response[Any]:
    """Exact, for a shop to read; with `for=spreadsheet` no cell of it runs in one."""
    if request.query_params.get("for") == "spreadsheet":
        written = await asyncio.to_thread(formula_escaping.for_a_spreadsheet, written)
        name = f"for-a-spreadsheet-{name}"
    plain = "".join(
        sign if sign.isalnum() or sign in "-_. " else "-" for sign in name.encode("ascii", "replace").decode()
    )
    headers = {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "private, no-store"}
    return Response(written, media_type="text/csv; charset=utf-8", headers=headers)
