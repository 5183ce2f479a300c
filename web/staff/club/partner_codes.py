"""The pool of partner codes: how many are left, adding codes, and deleting unclaimed ones."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.refusals import NotFound
from components.memberships.benefits.kinds import kind
from components.memberships.editing import plan_benefits
from components.rewards import partner_codes
from components.rewards.partner_codes import BadCodes, Pool
from web.current_person import person_id_of
from web.forms.fields import File, LongText
from web.forms.form import Form
from web.forms.sending import WITH_FILE
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page

MOST_BYTES = 2_000_000


class CodesForm(Form):
    codes = LongText("Codes", longest=1_000_000, required=False, rows=8, help="One per line.")
    file = File(
        "Or a CSV file", required=False, help="Codes are read from the first column.", accept=".csv,.txt,text/csv"
    )


@dataclass(frozen=True, kw_only=True)
class CodesPage(View):
    template: ClassVar[str] = "staff/club/partner_codes/index.html"
    benefit_id: UUID
    name: str
    pool: Pool
    form: CodesForm


class StaffCodesController(Controller):
    path = "/staff/benefits/{benefit_id:uuid}/codes"
    guards = [staff("plans")]

    @get()
    async def index(self, request: Request[Any, Any, Any], benefit_id: FromPath[UUID]) -> Response[Any]:
        return page(request, await _page(benefit_id, CodesForm.blank()))

    @post(request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any], benefit_id: FromPath[UUID]) -> Response[Any]:
        await _name(benefit_id)
        form = await CodesForm.read(request)
        written = await _written(form)
        if form.is_valid:
            try:
                added = await partner_codes.upload(benefit_id, written, by=person_id_of(request))
                words = f"{added} codes added." if added != 1 else "1 code added."
                return with_notice(see_other(f"/staff/benefits/{benefit_id}/codes"), words)
            except BadCodes as refusal:
                form.refuse("file" if form.file else "codes", str(refusal))
        return page(request, await _page(benefit_id, form), status=422)

    @post("/removal")
    async def destroy(self, request: Request[Any, Any, Any], benefit_id: FromPath[UUID]) -> Response[Any]:
        await _name(benefit_id)
        gone = await partner_codes.discard(benefit_id, by=person_id_of(request))
        return with_notice(
            see_other(f"/staff/benefits/{benefit_id}/codes"),
            f"{gone} unclaimed codes deleted." if gone != 1 else "1 unclaimed code deleted.",
        )


async def _written(form: CodesForm) -> str:
    """The typed codes followed by those of the file."""
    if form.file is None:
        return form.codes
    content = await form.file.read()
    if len(content) > MOST_BYTES:
        form.refuse("file", "The file can be at most 2 MB.")
        return ""
    try:
        return f"{form.codes}\n{content.decode('utf-8-sig')}"
    except UnicodeDecodeError:
        form.refuse("file", "Save the file as UTF-8 text and upload it again.")
        return ""


async def _name(benefit_id: UUID) -> str:
    known = await plan_benefits.by_id(benefit_id)
    if not kind(known.kind).has_code_pool:
        raise NotFound("This benefit has no codes.")
    return known.name


async def _page(benefit_id: UUID, form: CodesForm) -> CodesPage:
    name = await _name(benefit_id)
    return CodesPage(benefit_id=benefit_id, name=name, pool=await partner_codes.pool(benefit_id), form=form)
