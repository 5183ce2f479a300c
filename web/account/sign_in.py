"""Signing in: with a password, or with an e-mail that contains a link and a code. GET shows, POST signs in."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.refusals import Refusal
from components.people import links, passwords, sessions
from components.people.tries import TooManyTries
from web.account.entry import address_of, confidential, enter, leave, own_path
from web.account.letter_asked import LetterAsked
from web.forms import Email, Form, Password, Text
from web.guards import anyone, signed_in
from web.practice import mailbox_address
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of


class SignInForm(Form):
    email = Email("E-mail", autocomplete="username")
    password = Password("Password", autocomplete="current-password")
    next = Text("Next", longest=2000, required=False)


class LetterForm(Form):
    email = Email("E-mail", autocomplete="username")
    next = Text("Next", longest=2000, required=False)


class CodeForm(Form):
    email = Email("E-mail", autocomplete="username")
    code = Text(
        "Code", longest=12, autocomplete="one-time-code", inputmode="numeric", help="The six digits from our e-mail."
    )


@dataclass(frozen=True, kw_only=True)
class SignInPage(View):
    template: ClassVar[str] = "account/sign_in/new.html"
    form: SignInForm
    next: str


@dataclass(frozen=True, kw_only=True)
class LetterPage(View):
    """Requesting a sign-in e-mail; also shown with errors."""

    template: ClassVar[str] = "account/sign_in/letter.html"
    form: LetterForm
    next: str


@dataclass(frozen=True, kw_only=True)
class CodePage(View):
    template: ClassVar[str] = "account/sign_in/code.html"
    form: CodeForm
    email: str
    minutes: int
    mailbox: str


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
                person = await passwords.check(form.email, form.password, address=address_of(request))
            except (passwords.WrongCredentials, TooManyTries) as refusal:
                return _refused(request, SignInPage(form=form.refuse(None, str(refusal)), next=next_path), refusal)
            return await enter(request, person.id, next=next_path)
        return page(request, SignInPage(form=form, next=next_path), status=422)


class SignInLetterController(Controller):
    """Requesting a sign-in e-mail, and following its link."""

    path = "/sign-in/letter"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        next_path = own_path(request.query_params.get("next", ""))
        return page(request, LetterPage(form=LetterForm.blank(next=next_path), next=next_path))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await LetterForm.read(request)
        next_path = own_path(form.next)
        if not form.is_valid:
            return page(request, LetterPage(form=form, next=next_path), status=422)
        try:
            await links.send(form.email, address=address_of(request))
        except TooManyTries as refusal:
            return _refused(request, LetterPage(form=form.refuse(None, str(refusal)), next=next_path), refusal)
        return LetterAsked(email=form.email, next=next_path).kept_by(see_other("/sign-in/code"))

    @get("/{token:str}")
    async def show(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        return confidential(page(request, LinkPage(token=token, is_open=await links.is_open(token))))

    @post("/{token:str}")
    async def update(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        try:
            person = await links.redeem(token)
        except links.LinkLapsed:
            return page(request, LinkPage(token=token, is_open=False), status=422)
        asked = LetterAsked.of(request)
        return asked.forgotten_by(await enter(request, person.id, next=own_path(asked.next)))


class SignInCodeController(Controller):
    path = "/sign-in/code"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        asked = LetterAsked.of(request)
        return confidential(page(request, _code_page(CodeForm.blank(email=asked.email), asked.email)))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form, asked = await CodeForm.read(request), LetterAsked.of(request)
        if not form.is_valid:
            return page(request, _code_page(form, asked.email), status=422)
        try:
            person = await links.redeem_code(form.email, form.code, address=address_of(request))
        except links.WrongCode as refusal:
            return page(request, _code_page(form.refuse("code", str(refusal)), asked.email), status=422)
        except TooManyTries as refusal:
            return _refused(request, _code_page(form.refuse(None, str(refusal)), asked.email), refusal)
        return asked.forgotten_by(await enter(request, person.id, next=own_path(asked.next)))


class SignOutController(Controller):
    path = "/account/sign-out"
    guards = [signed_in]

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        if token := visitor_of(request).session_token:
            await sessions.end(token)
        return with_notice(leave(see_other("/")), "You’ve been signed out.")


def _code_page(form: CodeForm, email: str) -> CodePage:
    minutes = int(links.LASTS.total_seconds() // 60)
    return CodePage(form=form, email=email, minutes=minutes, mailbox=mailbox_address())


def _home(request: Request[Any, Any, Any]) -> str:
    return "/staff" if visitor_of(request).is_staff else "/account"


def _refused(request: Request[Any, Any, Any], view: View, refusal: Refusal) -> Response[Any]:
    """The page again with the refusal's message; for too many attempts, with how long to wait."""
    response = page(request, view, status=refusal.status)
    if isinstance(refusal, TooManyTries):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
