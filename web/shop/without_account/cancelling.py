"""Cancelling a membership without signing in: one page with everything on it, then the receipt. § 312k BGB."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.memberships.plans import plan_catalogue
from components.messaging import cancellation_notices
from components.messaging.cancellation_notices import NoticeDraft
from components.messaging.emails import cancellation_emails
from components.messaging.emails.cancellation_emails import KINDS
from components.messaging.notices import cancel_links
from components.messaging.tables import CancellationNotice
from components.payments.payment_refusals import OutcomeUnknown
from web.client_address import neighbourhood
from web.forms.fields import Choice, EmailField, LongText, Text
from web.forms.form import Form
from web.forms.times import Day
from web.guards import anyone
from web.replies import see_other
from web.views import View, page, visitor_of
from web.visitor import Visitor

HERE = "/cancel-membership"
TRY_AGAIN = N_("Our payment provider hasn’t answered yet. Your cancellation has reached us, and we see to it.")


class CancellingForm(Form):
    name = Text(N_("Name"), longest=120, autocomplete="name")
    email = EmailField(
        N_("E-mail"), autocomplete="email", inputmode="email", help=N_("The one your membership is with, if you can.")
    )
    plan = Text(N_("Which membership"), longest=120)
    kind = Choice(N_("Kind of cancellation"), KINDS, as_radio=True)
    reason = LongText(
        N_("Reason"),
        longest=2_000,
        rows=3,
        required=False,
        help=N_("Only asked for where it is an important one."),
    )
    wanted_on = Day(N_("Cancel on"), required=False, help=N_("Leave empty for the earliest possible date."))

    def check(self) -> None:
        if self.values.get("kind") == "extraordinary" and not self.values.get("reason"):
            self.refuse("reason", _("Please say what the important reason is."))

    @property
    def draft(self) -> NoticeDraft:
        return NoticeDraft(
            name=self.name, email=self.email, plan=self.plan, kind=self.kind, reason=self.reason or "",
            wanted_on=self.wanted_on,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CancellingPage(View):
    template: ClassVar[str] = "shop/without_account/cancelling/new.html"
    form: CancellingForm


@dataclass(frozen=True, kw_only=True)
class CancellingReceivedPage(View):
    """What was said and when, to be printed or saved: the same to everybody, a member or not."""

    template: ClassVar[str] = "shop/without_account/cancelling/received.html"
    notice: CancellationNotice
    kind: str
    wanted: str


@dataclass(frozen=True, kw_only=True)
class CancellingConfirmationPage(View):
    """`ends_at` ends what is paid for. `is_done` once it is cancelled; `words` where that is not known yet."""

    template: ClassVar[str] = "shop/without_account/cancelling/confirmation.html"
    plan_name: str
    ends_at: datetime | None
    is_done: bool
    words: str


class CancellingController(Controller):
    path = HERE
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        is_known = visitor.is_signed_in and visitor.preview is None
        given: dict[str, Any] = {"name": visitor.name, "email": visitor.email} if is_known else {}
        form = CancellingForm.blank(kind="ordinary", plan=_likely_plan(visitor, is_known=is_known), **given)
        return page(request, CancellingPage(form=form))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor, form = visitor_of(request), await CancellingForm.read(request)
        if not form.is_valid:
            return page(request, CancellingPage(form=form), status=422)
        own = visitor.person_id if visitor.is_signed_in and form.email == visitor.email else None
        try:
            connection = neighbourhood(request.scope)
            notice = await cancellation_notices.declare(form.draft, connection=connection, signed_in=own)
        except Refusal as refusal:
            return page(request, CancellingPage(form=form.refuse(None, str(refusal))), status=refusal.status)
        return see_other(cancellation_notices.receipt_address(notice))

    @get("/received/{written:str}")
    async def received(self, request: Request[Any, Any, Any], written: FromPath[str]) -> Response[Any]:
        notice = await cancellation_notices.by_receipt(written)
        view = CancellingReceivedPage(
            notice=notice,
            kind=cancellation_emails.kind_in_words(notice),
            wanted=cancellation_emails.wanted_in_words(notice),
        )
        return page(request, view)

    @get("/confirm/{written:str}")
    async def confirmation(self, request: Request[Any, Any, Any], written: FromPath[str]) -> Response[Any]:
        _notice, running = await cancellation_notices.by_link(written)
        return page(request, _confirmation(running.plan_version, running.current_period_end))

    @post("/confirm/{written:str}")
    async def confirm(self, request: Request[Any, Any, Any], written: FromPath[str]) -> Response[Any]:
        _notice, running = await cancellation_notices.by_link(written)
        try:
            ended = await cancellation_notices.confirm(written)
        except OutcomeUnknown:
            return page(request, _confirmation(running.plan_version, None, words=_(TRY_AGAIN)), status=202)
        return page(request, _confirmation(ended.plan_version, ended.cancel_at or ended.ended_at, is_done=True))

    @get("/now/{written:str}")
    async def from_notice(self, request: Request[Any, Any, Any], written: FromPath[str]) -> Response[Any]:
        """By the link in a notice of a renewal, which asks once more."""
        running = await cancel_links.subscription_of(written)
        return page(request, _confirmation(running.plan_version, running.current_period_end))

    @post("/now/{written:str}")
    async def cancel_from_notice(self, request: Request[Any, Any, Any], written: FromPath[str]) -> Response[Any]:
        running = await cancel_links.subscription_of(written)
        try:
            ended = await cancel_links.use(written)
        except OutcomeUnknown:
            return page(request, _confirmation(running.plan_version, None, words=_(TRY_AGAIN)), status=202)
        return page(request, _confirmation(ended.plan_version, ended.cancel_at or ended.ended_at, is_done=True))


def _likely_plan(visitor: Visitor, *, is_known: bool) -> str:
    """Their own, or the only one there is."""
    if is_known and visitor.standing.plan:
        return visitor.standing.plan.plan_name
    plans = [one.name for one in plan_catalogue.all_plans() if one.renews]
    return plans[0] if len(plans) == 1 else ""


def _confirmation(
    version: Any, ends_at: datetime | None, *, is_done: bool = False, words: str = ""
) -> CancellingConfirmationPage:
    name = plan_catalogue.by_version(version).name
    return CancellingConfirmationPage(plan_name=name, ends_at=ends_at, is_done=is_done, words=words)
