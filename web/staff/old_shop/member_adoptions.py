"""Members of an earlier system: read, looked at row by row, adopted, and given back."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.adoption import adoption_mapping, adoption_runs
from components.adoption.adoption_runs import AdoptionRun
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.foundation.sheets.csv_sheets import MOST_BYTES
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.forms.fields import File
from web.forms.form import Form
from web.forms.sending import WITH_FILE
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.old_shop import adoption_pages
from web.staff.old_shop.adoption_pages import LIST, BeginForm, PlansForm
from web.views import View, page


class MembersUploadForm(Form):
    sheet = File("CSV file", help="The export of WooCommerce Subscriptions or of Paid Memberships Pro, up to 10 MB.")


@dataclass(frozen=True, kw_only=True)
class AdoptionsPage(View):
    template: ClassVar[str] = "staff/old_shop/adoptions/index.html"

    form: MembersUploadForm
    runs: list[AdoptionRun]


class StaffAdoptionsController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _list(request, MembersUploadForm.blank())

    @post(request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Store the file; a job finds out what would become of each row."""
        form = await MembersUploadForm.read(request)
        if not form.is_valid or form.sheet is None:
            return await _list(request, form, status=422)
        try:
            source = await form.sheet.read(MOST_BYTES + 1)
            name = PurePath(form.sheet.filename or "members.csv").name[:200]
            run_id = await adoption_runs.read_file(source, name=name, by=person_id_of(request))
        except Refusal as refusal:
            return await _list(request, form.refuse("sheet", str(refusal)), status=refusal.status)
        return see_other(f"{LIST}/{run_id}")

    @post("/stripe")
    async def read_stripe(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Have a job read the subscriptions of the Stripe account."""
        run_id = await adoption_runs.read_stripe(by=person_id_of(request))
        return see_other(f"{LIST}/{run_id}")

    @get("/{run_id:uuid}")
    async def run(self, request: Request[Any, Any, Any], run_id: FromPath[UUID], kind: FromQuery[str] = "") -> Any:
        return await adoption_pages.shown(request, run_id, kind=kind[:20])

    @post("/{run_id:uuid}/plans")
    async def choose(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        """Which plan the members of each price get."""
        prices = await adoption_mapping.of_run((await adoption_runs.by_id(run_id)).id)
        form = await PlansForm.read(request, choices=adoption_pages.plan_choices(prices))
        try:
            if form.is_valid:
                await adoption_mapping.choose(run_id, form.by_price)
        except Refusal as refusal:
            form.refuse("plans", str(refusal))
        if not form.is_valid:
            return await adoption_pages.shown(request, run_id, plans_form=form)
        return with_notice(see_other(f"{LIST}/{run_id}"), "Plans saved. Nothing has been adopted yet.")

    @post("/{run_id:uuid}/adoption", before_request=confirm_first)
    async def begin(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        """On record before it happens."""
        form, by = await BeginForm.read(request), person_id_of(request)
        run = await adoption_runs.by_id(run_id)
        try:
            await adoption_runs.begin(run_id, by=by, old_stopped=form.old_stopped, tells=form.tells, asks=form.asks)
        except (adoption_runs.StillBilledThere, adoption_runs.PlansMissing) as refusal:
            return await adoption_pages.shown(request, run_id, form=form.refuse("old_stopped", str(refusal)))
        await security_events.note("import", person=by, detail=run.name)
        return see_other(f"{LIST}/{run_id}")

    @post("/{run_id:uuid}/cancellation")
    async def cancel(self, run_id: FromPath[UUID]) -> Response[Any]:
        run = await adoption_runs.cancel(run_id)
        words = "Cancelled." if run.state == "cancelled" else "This was already over."
        return with_notice(see_other(f"{LIST}/{run_id}"), words)

    @post("/{run_id:uuid}/undo", before_request=confirm_first)
    async def undo(self, request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[Any]:
        await adoption_runs.undo(run_id, by=person_id_of(request))
        return see_other(f"{LIST}/{run_id}")


async def _list(request: Request[Any, Any, Any], form: MembersUploadForm, *, status: int = 200) -> Response[Any]:
    return page(request, AdoptionsPage(form=form, runs=await adoption_runs.recent()), status=status)
