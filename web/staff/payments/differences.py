"""Differences between the shop and Stripe: what they are, their repair, and what is known about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import jobs
from components.foundation.refusals import Refusal
from components.insights import stripe_differences
from components.payments.differences import difference_list
from components.payments.tables import StripeDifference
from web.current_person import person_id_of
from web.forms.fields import Text
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

LIST = "/staff/payments/differences"


class ExplanationForm(Form):
    words = Text("Why it is so", longest=500, required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One difference in words; `button` names its repair."""

    id: UUID
    what: str
    subject: str
    here: str
    there: str
    since: datetime
    button: str
    note: str


@dataclass(frozen=True, kw_only=True)
class DifferencesPage(View):
    """`compared_at` is when the last comparison ended, `trouble` what the nightly check found broken."""

    template: ClassVar[str] = "staff/payments/differences/index.html"
    open_ones: list[DifferenceRow]
    explained: list[DifferenceRow]
    repaired: list[DifferenceRow]
    compared_at: datetime | None
    incomplete: str
    trouble: list[str]
    rules: list[str]
    may_change: bool


class StaffDifferencesController(Controller):
    path = LIST
    guards = [staff("orders")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        compared, nightly = await difference_list.last_runs()
        return page(
            request,
            DifferencesPage(
                open_ones=[_row(one) for one in await difference_list.open_ones()],
                explained=[_row(one, note=one.words) for one in await difference_list.explained()],
                repaired=[_row(one, note=one.result) for one in await difference_list.repaired()],
                compared_at=compared.finished_at if compared else None,
                incomplete=compared.trouble if compared else "",
                trouble=nightly.trouble.splitlines() if nightly else [],
                rules=[rule.words for rule in stripe_differences.RULES],
                may_change=visitor_of(request).may("refunds"),
            ),
        )

    @post("/comparison", guards=[staff("refunds")])
    async def compare(self, request: Request[Any, Any, Any]) -> Response[Any]:
        await jobs.defer("compare_with_stripe")
        return with_notice(see_other(LIST), "Comparing with Stripe now. Reload this page in a minute.")

    @post("/{difference_id:uuid}/repair", guards=[staff("refunds")])
    async def repair(self, request: Request[Any, Any, Any], difference_id: FromPath[UUID]) -> Response[Any]:
        try:
            by = person_id_of(request)
            words = await difference_list.repair(difference_id, stripe_differences.RULES, by=by)
        except Refusal as refusal:
            return with_refusal(see_other(LIST), getattr(refusal, "detail", "") or str(refusal))
        return with_notice(see_other(LIST), words)

    @post("/{difference_id:uuid}/explanation", guards=[staff("refunds")])
    async def explain(self, request: Request[Any, Any, Any], difference_id: FromPath[UUID]) -> Response[Any]:
        form = await ExplanationForm.read(request)
        try:
            await difference_list.explain(difference_id, form.values.get("words") or "", by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return with_notice(see_other(LIST), "Noted. It’s no longer shown as open.")


def _row(one: StripeDifference, *, note: str = "") -> DifferenceRow:
    rule = next((rule for rule in stripe_differences.RULES if rule.name == one.rule), None)
    return DifferenceRow(
        id=one.id,
        what=rule.words if rule else one.rule.replace("_", " ").capitalize(),
        subject=one.subject,
        here=one.here,
        there=one.there,
        since=one.first_seen_at,
        button=rule.button if rule else "",
        note=note,
    )
