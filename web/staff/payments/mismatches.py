from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.orders import queries
from components.payments.differences import admin_views
from components.payments.differences.admin_views import MismatchRow
from web.forms.fields import LongText
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of


class SettleForm(Form):
    words = LongText("How was it resolved?", longest=1000, help="Only visible to staff.")


@dataclass(frozen=True, kw_only=True)
class MismatchPage(View):
    template: ClassVar[str] = "staff/payments/mismatches/show.html"
    mismatch: MismatchRow
    order_number: str
    form: SettleForm
    may_change: bool


class StaffMismatchesController(Controller):
    """One payment that differs from the agreed amount."""

    path = "/staff/payments/mismatches/{mismatch_id:uuid}"
    guards = [staff("orders")]

    @get("/")
    async def show(self, request: Request[Any, Any, Any], mismatch_id: FromPath[UUID]) -> Response[bytes]:
        return page(request, await _view(request, mismatch_id, SettleForm.blank()))

    @post("/", guards=[staff("refunds")])
    async def update(self, request: Request[Any, Any, Any], mismatch_id: FromPath[UUID]) -> Response[Any]:
        form = await SettleForm.read(request)
        if not form.is_valid:
            return page(request, await _view(request, mismatch_id, form), status=422)
        by = visitor_of(request).person_id
        assert by is not None
        await admin_views.settle_mismatch(mismatch_id, words=form.words, by=by)
        return with_notice(see_other("/staff/payments"), "Mismatch marked as resolved.")


async def _view(request: Request[Any, Any, Any], mismatch_id: UUID, form: SettleForm) -> MismatchPage:
    mismatch = await admin_views.mismatch(mismatch_id)
    order = await queries.by_id(mismatch.reference_id)
    return MismatchPage(
        mismatch=mismatch,
        order_number=order.number if order else "",
        form=form,
        may_change=visitor_of(request).may("refunds"),
    )
