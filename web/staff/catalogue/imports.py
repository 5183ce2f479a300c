"""Product files of other shops: preview, import and export."""

import asyncio
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.snapshot import snapshot_refresh
from components.foundation import audit
from components.foundation.operations import security_events
from components.foundation.refusals import NotFound, Refusal
from components.product_files import export_file, formula_escaping, import_archive
from components.product_files.runs import import_columns, import_runs, import_steps
from components.product_files.runs.import_columns import FileColumns
from components.product_files.runs.import_runs import ImportRun, NotWaiting
from components.product_files.runs.import_steps import Told
from components.product_files.sheets import csv_encodings
from components.product_files.sheets.csv_encodings import UnreadableFile
from components.product_files.sheets.csv_sheets import MOST_BYTES
from web.current_person import person_id_of
from web.forms.fields import Choice, Choices, File, Many
from web.forms.form import Form
from web.forms.sending import WITH_FILE
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.catalogue import fetched_pictures
from web.staff.catalogue.fetched_pictures import PictureProgress
from web.views import View, page

LIST = "/staff/imports"
MOST_TOLD = 200


class ImportUploadForm(Form):
    sheet = File("CSV file", help="A product export from Shopify or WooCommerce, up to 10 MB.")


class ImportColumnsForm(Form):
    encoding = Choice("Letters are written in", tuple(csv_encodings.CHOICES.items()), required=False)
    columns = Many("Columns", required=False)

    @property
    def by_place(self) -> dict[int, str]:
        """The columns by their place in the file, each with what it was said to be."""
        return {int(place): known for place, _, known in (one.partition(":") for one in self.values["columns"])}


@dataclass(frozen=True, kw_only=True)
class ImportsPage(View):
    template: ClassVar[str] = "staff/catalogue/imports/index.html"

    form: ImportUploadForm
    runs: list[ImportRun]
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ImportPage(View):
    """One file: being checked, waiting for somebody to say yes, being imported, or over."""

    template: ClassVar[str] = "staff/catalogue/imports/show.html"
    partial: ClassVar[str | None] = "staff/catalogue/imports/_run.html"

    run: ImportRun
    told: Told
    pictures: PictureProgress
    still_to_undo: int = 0
    columns: FileColumns | None = None
    form: ImportColumnsForm | None = None


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
        return await _shown(request, run_id)

    @post("/{run_id:uuid}/columns")
    async def choose(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        """Check the file again with other columns or letters."""
        columns = await import_columns.of_run(run_id)
        if columns is None:
            await import_runs.by_id(run_id)
            raise NotWaiting
        form = await ImportColumnsForm.read(request, choices=_choices(columns))
        try:
            if form.is_valid:
                await import_columns.choose(run_id, encoding=form.encoding, by_place=form.by_place)
        except UnreadableFile as refusal:
            form.refuse("columns", str(refusal))
        if not form.is_valid:
            return await _shown(request, run_id, form=form)
        return see_other(f"{LIST}/{run_id}")

    @post("/{run_id:uuid}/arrival")
    async def bring_in(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        run = await import_runs.by_id(run_id)
        await _note(request, "import", run.name)
        await import_runs.begin(run_id)
        return see_other(f"{LIST}/{run_id}")

    @post("/{run_id:uuid}/cancellation")
    async def cancel(self, run_id: FromPath[UUID]) -> Response[Any]:
        run = await import_runs.cancel(run_id)
        words = "Import cancelled." if run.state == "cancelled" else "This import was already over."
        return with_notice(see_other(f"{LIST}/{run_id}"), words)

    @post("/{run_id:uuid}/undo")
    async def undo(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        archived = await import_runs.undo(run_id, by=person_id_of(request))
        await snapshot_refresh.catch_up((await import_runs.created(run_id))[:MOST_TOLD])
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


async def _shown(
    request: Request[Any, Any, Any], run_id: UUID, *, form: ImportColumnsForm | None = None
) -> Response[Any]:
    run, was_sent = await import_runs.by_id(run_id), form is not None
    told = await import_steps.told(run_id, most=0 if run.is_under_way else MOST_TOLD)
    columns = await import_columns.of_run(run_id) if run.state == "checked" else None
    if columns is not None and form is None:
        given = tuple(f"{place}:{use.known}" for place, use in enumerate(columns.uses))
        form = ImportColumnsForm.blank(choices=_choices(columns), encoding=columns.chosen_encoding, columns=given)
    pictures = await fetched_pictures.progress(run_id)
    left = await import_runs.still_to_undo(run_id) if run.state in ("done", "cancelled") else 0
    shown = ImportPage(run=run, told=told, pictures=pictures, still_to_undo=left, columns=columns, form=form)
    return page(request, shown, status=422 if was_sent else 200)


def _choices(columns: FileColumns) -> dict[str, Choices]:
    known = ("", *columns.known)
    return {"columns": tuple((f"{place}:{name}", name) for place in range(len(columns.uses)) for name in known)}


async def _note(request: Request[Any, Any, Any], kind: str, name: str) -> None:
    """Who takes the catalogue away, or brings a file in, is on record before it happens."""
    by = person_id_of(request)
    await security_events.note(kind, person=by, detail=name)
    await audit.record(by, "import started" if kind == "import" else "exported", "catalogue", name[:100])


async def _list(request: Request[Any, Any, Any], form: ImportUploadForm, *, status: int = 200) -> Response[Any]:
    runs, files = await import_runs.recent(), await import_archive.file_names()
    return page(request, ImportsPage(form=form, runs=runs, files=files), status=status)


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
