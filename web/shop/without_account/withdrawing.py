"""Withdrawing from a contract without signing in: what and who, then a second step that confirms, then the receipt.

Directive 2011/83/EU, Article 11a. The pages are the same to everybody, whether there is such a contract or not.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.messaging.notices import withdrawal_emails, withdrawals
from components.messaging.notices.withdrawal_emails import ABOUT
from components.messaging.notices.withdrawals import WithdrawalDraft
from components.messaging.tables import Withdrawal
from components.orders import queries
from components.orders.views import OrderView
from web.client_address import neighbourhood
from web.forms.fields import Choice, EmailField, LongText, Text
from web.forms.form import Form
from web.guards import anyone
from web.replies import see_other
from web.views import View, page, visitor_of

HERE = "/withdraw"


class WithdrawingForm(Form):
    name = Text(N_("Name"), longest=120, autocomplete="name")
    email = EmailField(
        N_("E-mail"), autocomplete="email", inputmode="email", help=N_("The receipt goes there straight away.")
    )
    about = Choice(N_("What you withdraw from"), ABOUT, as_radio=True)
    number = Text(
        N_("Which one"), longest=120, help=N_("The order number from your confirmation, or the name of the membership.")
    )
    items = LongText(
        N_("Which part of it"), longest=1_000, rows=2, required=False, help=N_("Leave empty for all of it.")
    )

    @property
    def draft(self) -> WithdrawalDraft:
        return WithdrawalDraft(
            name=self.name, email=self.email, about=self.about, number=self.number, items=self.items or ""
        )


@dataclass(frozen=True, kw_only=True)
class WithdrawingPage(View):
    template: ClassVar[str] = "shop/without_account/withdrawing/new.html"
    form: WithdrawingForm
    order: OrderView | None
    """Their own that a membership was joined with, of who is signed in: it is two contracts."""


@dataclass(frozen=True, kw_only=True)
class WithdrawingConfirmationPage(View):
    """The second step: nothing has been sent yet. `refused` says why it could not be."""

    template: ClassVar[str] = "shop/without_account/withdrawing/confirmation.html"
    draft: WithdrawalDraft
    about: str
    refused: str


@dataclass(frozen=True, kw_only=True)
class WithdrawingReceivedPage(View):
    """What was said and when, to be printed or saved."""

    template: ClassVar[str] = "shop/without_account/withdrawing/received.html"
    withdrawal: Withdrawal
    about: str


class WithdrawingController(Controller):
    path = HERE
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        is_known = visitor.is_signed_in and visitor.preview is None
        given: dict[str, Any] = {"name": visitor.name, "email": visitor.email} if is_known else {}
        asked = request.query_params
        plan, order = asked.get("membership", "")[:120], asked.get("order", "")[:20]
        about = "membership" if plan else "" if "joined" in asked else "order"  # "": theirs to choose
        return await _asking(request, WithdrawingForm.blank(about=about, number=plan or order, **given))

    @post()
    async def review(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The first step: shown once more before anything is sent."""
        form = await WithdrawingForm.read(request)
        if not form.is_valid:
            return await _asking(request, form, status=422)
        return page(request, _confirmation(form.draft))

    @post("/edit")
    async def edit(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Back to the first step, with what was typed."""
        return await _asking(request, await WithdrawingForm.read(request))

    @post("/confirm")
    async def confirm(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await WithdrawingForm.read(request)
        if not form.is_valid:
            return await _asking(request, form, status=422)
        visitor = visitor_of(request)
        is_own = visitor.is_signed_in and form.email == visitor.email
        try:
            connection = neighbourhood(request.scope)
            made = await withdrawals.declare(form.draft, connection=connection, is_own=is_own)
        except Refusal as refusal:
            return page(request, _confirmation(form.draft, refused=str(refusal)), status=refusal.status)
        return see_other(withdrawals.receipt_address(made))

    @get("/received/{written:str}")
    async def received(self, request: Request[Any, Any, Any], written: FromPath[str]) -> Response[Any]:
        made = await withdrawals.by_receipt(written)
        return page(request, WithdrawingReceivedPage(withdrawal=made, about=withdrawal_emails.about_in_words(made)))


async def _asking(request: Request[Any, Any, Any], form: WithdrawingForm, *, status: int = 200) -> Response[Any]:
    visitor, number = visitor_of(request), form.field("number").typed.strip().upper()
    is_known = number and visitor.person_id and visitor.preview is None
    order = await queries.of_person(visitor.person_id, number) if is_known and visitor.person_id else None
    asked = order if order is not None and order.begins_membership else None
    return page(request, WithdrawingPage(form=form, order=asked), status=status)


def _confirmation(draft: WithdrawalDraft, *, refused: str = "") -> WithdrawingConfirmationPage:
    return WithdrawingConfirmationPage(draft=draft, about=_(dict(ABOUT)[draft.about]), refused=refused)
