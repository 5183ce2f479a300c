"""Signing in: with a password, or with an e-mail that contains a link and a code. GET shows, POST signs in."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.languages.words import N_, _
from components.people import passwords, sessions, sign_in_links
from components.people.rate_limits import TooManyTries
from components.people.second_factor import passkey_challenges
from web.account.sign_in.sign_in_code import refused
from web.entry.account_entry import enter
from web.entry.pending_sign_in import PendingSignIn
from web.forms.fields import EmailField, Password, Text
from web.forms.form import Form
from web.guards import anyone, signed_in
from web.replies import see_other, with_notice
from web.sign_in_session import address_of, known_browser_of, own_path, sign_in, sign_out, without_store
from web.views import View, page, visitor_of


class SignInForm(Form):
    email = EmailField(N_("E-mail"), autocomplete="username")
    password = Password(N_("Password"), autocomplete="current-password")
    next = Text("Next", longest=2000, required=False)


class SignInEmailForm(Form):
    email = EmailField(N_("E-mail"), autocomplete="username")
    next = Text("Next", longest=2000, required=False)


@dataclass(frozen=True, kw_only=True)
class SignInPage(View):
    template: ClassVar[str] = "account/sign_in/new.html"
    form: SignInForm
    next: str
    has_passkeys_here: bool = field(default_factory=passkey_challenges.are_possible)


@dataclass(frozen=True, kw_only=True)
class SignInEmailPage(View):
    """Requesting a sign-in e-mail; also shown with errors."""

    template: ClassVar[str] = "account/sign_in/e_mail_sent.html"
    form: SignInEmailForm
    next: str


@dataclass(frozen=True, kw_only=True)
class LinkPage(View):
    """The page behind the e-mail's link: a button, so that a scanner that only looks does not use it up."""

    template: ClassVar[str] = "account/sign_in/link.html"
    token: str
    is_open: bool


class SignInController(Controller):
    path = "/sign-in"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        next_path = own_path(request.query_params.get("next", ""))
        if visitor_of(request).is_signed_in:
            return see_other(next_path or _home(request))
        return page(request, SignInPage(form=SignInForm.blank(next=next_path), next=next_path))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await SignInForm.read(request)
        next_path = own_path(form.next)
        if form.is_valid:
            try:
                where = {"address": address_of(request), "browser": known_browser_of(request)}
                person = await passwords.check(form.email, form.password, **where)
            except (passwords.WrongCredentials, TooManyTries) as refusal:
                return refused(request, SignInPage(form=form.refuse(None, str(refusal)), next=next_path), refusal)
            return await sign_in(request, person.id, next=next_path, by="password")
        return page(request, SignInPage(form=form, next=next_path), status=422)


class SignInEmailController(Controller):
    """Requesting a sign-in e-mail, and following its link."""

    path = "/sign-in/email"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        next_path = own_path(request.query_params.get("next", ""))
        return page(request, SignInEmailPage(form=SignInEmailForm.blank(next=next_path), next=next_path))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await SignInEmailForm.read(request)
        next_path = own_path(form.next)
        if not form.is_valid:
            return page(request, SignInEmailPage(form=form, next=next_path), status=422)
        try:
            await sign_in_links.send(form.email, address=address_of(request), browser=known_browser_of(request))
        except TooManyTries as refusal:
            return refused(request, SignInEmailPage(form=form.refuse(None, str(refusal)), next=next_path), refusal)
        return PendingSignIn(email=form.email, next=next_path).kept_by(see_other("/sign-in/code"))

    @get("/{token:str}")
    async def show(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        return without_store(page(request, LinkPage(token=token, is_open=await sign_in_links.is_valid(token))))

    @post("/{token:str}")
    async def update(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        try:
            person = await sign_in_links.redeem(token, opener=PendingSignIn.of(request).opener)
        except sign_in_links.LinkExpired:
            return page(request, LinkPage(token=token, is_open=False), status=422)
        return await enter(request, person, by="link")


class SignOutController(Controller):
    path = "/account/sign-out"
    guards = [signed_in]

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        if token := visitor_of(request).session_token:
            await sessions.end(token)
        return with_notice(sign_out(see_other("/")), _("You’ve been signed out."))


def _home(request: Request[Any, Any, Any]) -> str:
    return "/staff" if visitor_of(request).is_staff else "/account"
