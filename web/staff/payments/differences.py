"""Differences between the shop and Stripe: what they are, their repair, and what is known about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import jobs
from components.foundation.refusals import Refusal
from components.insights import stripe_differences
from components.payments.differences import difference_list, difference_references
from components.payments.tables import StripeDifference
from web.current_person import person_id_of
from web.forms.fields import Text
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.payments.difference_text import ADVICE, side_text
from web.staff.payments.payment_subject_links import SubjectLink, subject_links
from web.views import View, page, visitor_of
from web.visitor import Visitor

LIST = "/staff/payments/differences"


class ExplanationForm(Form):
    words = Text("Why it is so", longest=500, required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One difference in words; `button` names its repair, `advice` says what it does. `subject` is Stripe's id."""

    id: UUID
    what: str
    about: SubjectLink | None
    advice: str
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
        open_ones, explained = await difference_list.open_ones(), await difference_list.explained()
        repaired = await difference_list.repaired()
        of = await _links([*open_ones, *explained, *repaired], visitor_of(request))
        return page(
            request,
            DifferencesPage(
                open_ones=[_row(one, of.get(one.id)) for one in open_ones],
                explained=[_row(one, of.get(one.id), note=one.words) for one in explained],
                repaired=[_row(one, of.get(one.id), note=one.result) for one in repaired],
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


async def _links(differences: Sequence[StripeDifference], visitor: Visitor) -> dict[UUID, SubjectLink]:
    """By difference: whom or what it is about."""
    references = await difference_references.references(differences)
    links = await subject_links(references.values(), visitor)
    return {difference: links[local_id] for difference, local_id in references.items() if local_id in links}


def _row(one: StripeDifference, about: SubjectLink | None, *, note: str = "") -> DifferenceRow:
    rule = next((rule for rule in stripe_differences.RULES if rule.name == one.rule), None)
    return DifferenceRow(
        id=one.id,
        what=rule.words if rule else one.rule.replace("_", " ").capitalize(),
        about=about,
        advice=ADVICE.get(one.rule, ""),
        subject=one.subject,
        here=side_text(one.here, one.there),
        there=side_text(one.there, one.here),
        since=one.first_seen_at,
        button=rule.button if rule else "",
        note=note,
    )
