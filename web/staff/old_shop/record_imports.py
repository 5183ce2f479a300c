"""Customers and orders of an earlier shop, from the files that it exports: preview, import, undo."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import audit
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.foundation.sheets.csv_sheets import MOST_BYTES
from components.product_files.runs import import_runs, record_undo
from components.product_files.runs.import_runs import ImportRun
from components.product_files.runs.run_kinds import RECORDS
from web.current_person import person_id_of
from web.forms.fields import File
from web.forms.form import Form
from web.forms.sending import WITH_FILE
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.catalogue import import_run_page
from web.staff.catalogue.import_run_page import RunPages
from web.views import View, page

LIST = "/staff/members/imports"
KIND = RunPages(LIST, RECORDS, "row", "rows")


class RecordsUploadForm(Form):
    sheet = File("CSV file", help="Customers or orders, as Shopify or WooCommerce exports them, up to 10 MB.")


@dataclass(frozen=True, kw_only=True)
class RecordImportsPage(View):
    template: ClassVar[str] = "staff/old_shop/imports.html"

    form: RecordsUploadForm
    runs: list[ImportRun]


class StaffRecordImportsController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _list(request, RecordsUploadForm.blank())

    @post(request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Store the file; a job finds out what would change, and nothing is changed yet."""
        form = await RecordsUploadForm.read(request)
        if not form.is_valid or form.sheet is None:
            return await _list(request, form, status=422)
        try:
            source = await form.sheet.read(MOST_BYTES + 1)
            name = PurePath(form.sheet.filename or "customers.csv").name[:200]
            run_id = await import_runs.create(source, name=name, by=person_id_of(request), kinds=RECORDS)
        except Refusal as refusal:
            return await _list(request, form.refuse("sheet", str(refusal)), status=refusal.status)
        return see_other(f"{LIST}/{run_id}")

    @get("/{run_id:uuid}")
    async def run(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        return await import_run_page.shown(request, run_id, KIND)

    @post("/{run_id:uuid}/columns")
    async def choose(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        return await import_run_page.chosen(request, run_id, KIND)

    @post("/{run_id:uuid}/arrival")
    async def bring_in(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        """On record before it happens."""
        run, by = await import_runs.by_id(run_id, RECORDS), person_id_of(request)
        await security_events.note("import", person=by, detail=run.name)
        await audit.record(by, "import started", run.source, run.name[:100])
        await import_runs.begin(run_id)
        return see_other(f"{LIST}/{run_id}")

    @post("/{run_id:uuid}/cancellation")
    async def cancel(self, run_id: FromPath[UUID]) -> Response[Any]:
        return await import_run_page.cancelled(run_id, KIND)

    @post("/{run_id:uuid}/undo")
    async def undo(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        run = await import_runs.by_id(run_id, RECORDS)
        gone, staying = await record_undo.undo(run_id, by=person_id_of(request))
        one = run.source.removesuffix("s")
        words = f"Import undone: 1 {one} removed." if gone == 1 else f"Import undone: {gone} {run.source} removed."
        if staying:
            who = "1 customer stays, who has" if staying == 1 else f"{staying} customers stay, who have"
            words += f" {who} used the shop since."
        return with_notice(see_other(f"{LIST}/{run_id}"), words)


async def _list(request: Request[Any, Any, Any], form: RecordsUploadForm, *, status: int = 200) -> Response[Any]:
    return page(request, RecordImportsPage(form=form, runs=await import_runs.recent(RECORDS)), status=status)
