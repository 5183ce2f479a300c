"""Typing the code from an e-mail: to sign in, and to open an account."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.people import sign_in_links
from components.people.rate_limits import TooManyTries
from web.demo_mode import mailbox_address
from web.entry.account_entry import enter
from web.entry.pending_sign_in import PendingSignIn
from web.forms.fields import EmailField, Text
from web.forms.form import Form
from web.guards import anyone
from web.sign_in_session import address_of, known_browser_of, own_path, without_store
from web.views import View, page


class SignInCodeForm(Form):
    email = EmailField(N_("E-mail"), autocomplete="username")
    code = Text(
        N_("Code"), longest=12, autocomplete="one-time-code", inputmode="numeric", help=N_("Six digits, by e-mail.")
    )


@dataclass(frozen=True, kw_only=True)
class CodePage(View):
    template: ClassVar[str] = "account/sign_in/code.html"
    form: SignInCodeForm
    email: str
    minutes: int
    mailbox: str
    is_for_account: bool
    back: str


class SignInCodeController(Controller):
    path = "/sign-in/code"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        asked = PendingSignIn.of(request)
        return without_store(page(request, _code_page(SignInCodeForm.blank(email=asked.email), asked)))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form, asked = await SignInCodeForm.read(request), PendingSignIn.of(request)
        if not form.is_valid:
            return page(request, _code_page(form, asked), status=422)
        try:
            where = {"address": address_of(request), "browser": known_browser_of(request), "opener": asked.opener}
            person = await sign_in_links.redeem_code(form.email, form.code, **where)
        except sign_in_links.WrongCode as refusal:
            return page(request, _code_page(form.refuse("code", str(refusal)), asked), status=422)
        except TooManyTries as refusal:
            return refused(request, _code_page(form.refuse(None, str(refusal)), asked), refusal)
        return await enter(request, person, by="code")


def _code_page(form: SignInCodeForm, asked: PendingSignIn) -> CodePage:
    return CodePage(
        form=form,
        email=asked.email,
        minutes=int(sign_in_links.LASTS.total_seconds() // 60),
        mailbox=mailbox_address(),
        is_for_account=bool(asked.opener),
        back=_back(asked),
    )


def _back(asked: PendingSignIn) -> str:
    """The form that sent the e-mail, to send another."""
    if not asked.opener:
        return "/sign-in/email"
    began = own_path(asked.next)
    return began if began.startswith(("/join/", "/checkout", "/orders/")) else "/sign-up"


def refused(request: Request[Any, Any, Any], view: View, refusal: Refusal) -> Response[Any]:
    """The page again with the refusal's message; for too many attempts, with how long to wait."""
    response = page(request, view, status=refusal.status)
    if isinstance(refusal, TooManyTries):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
