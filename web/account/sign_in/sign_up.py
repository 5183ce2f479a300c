"""Creating an account. It opens with the code or the link in the e-mail, the same for an e-mail that has one."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import N_
from components.people import passwords
from components.people.rate_limits import TooManyTries
from web.account.sign_in.new_password import NewPassword
from web.entry.account_entry import ask_for_account
from web.forms.fields import EmailField, Text, Tick
from web.forms.form import Form
from web.guards import anyone
from web.replies import see_other
from web.sign_in_session import own_path
from web.views import View, page, visitor_of


class SignUpForm(Form):
    email = EmailField(N_("E-mail"), autocomplete="username")
    name = Text(N_("Name"), autocomplete="name", required=False)
    password = NewPassword(
        N_("Password"),
        required=False,
        rule=N_("At least %(count)s characters. Leave it empty to sign in by e-mail."),
    )
    news = Tick(N_("E-mail me news and offers. I can unsubscribe at any time."))
    next = Text("Next", longest=2000, required=False)


@dataclass(frozen=True, kw_only=True)
class SignUpPage(View):
    template: ClassVar[str] = "account/sign_in/sign_up/new.html"
    form: SignUpForm
    next: str


class SignUpController(Controller):
    path = "/sign-up"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        next_path = own_path(request.query_params.get("next", ""))
        if visitor_of(request).is_signed_in:
            return see_other(next_path or "/account")
        return page(request, SignUpPage(form=SignUpForm.blank(next=next_path), next=next_path))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await SignUpForm.read(request)
        next_path = own_path(form.next)
        if not form.is_valid:
            return page(request, SignUpPage(form=form, next=next_path), status=422)
        try:
            password = form.password or None
            agreed = ("news",) if form.news else ()
            return await ask_for_account(
                request, form.email, next=next_path, name=form.name, password=password, agreed=agreed
            )
        except passwords.WeakPassword as refusal:
            return page(request, SignUpPage(form=form.refuse("password", str(refusal)), next=next_path), status=422)
        except TooManyTries as refusal:
            response = page(request, SignUpPage(form=form.refuse(None, str(refusal)), next=next_path), status=429)
            response.headers["Retry-After"] = str(refusal.retry_after)
            return response
