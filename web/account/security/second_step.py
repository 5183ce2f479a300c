"""The second step of signing in, of staff with a second factor: a code, a recovery code or a passkey."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.people.identity import known_browsers
from components.people.rate_limits import TooManyTries
from components.people.second_factor import passkey_challenges, passkeys, second_factors, second_step
from components.people.second_factor.second_factors import Held
from web.account.security.confirm_page import for_script
from web.forms.fields import Text
from web.forms.form import Form
from web.guards import anyone
from web.replies import see_other, with_notice
from web.sign_in_session import (
    cookie_with_known,
    known_browser_of,
    own_path,
    second_step_of,
    signed_in_with,
    without_store,
)
from web.views import View, page

OVER = N_("Please sign in again: the second step took longer than ten minutes.")


class SecondStepForm(Form):
    code = Text(N_("Code"), longest=60, autocomplete="one-time-code", help=N_("From your app, or a recovery code."))
    credential = Text("Passkey", longest=20_000, required=False)
    challenge = Text("Challenge", longest=2_000, required=False)
    next = Text("Next", longest=2000, required=False)


@dataclass(frozen=True, kw_only=True)
class SecondStepPage(View):
    template: ClassVar[str] = "account/security/second_step/new.html"
    form: SecondStepForm
    next: str
    held: Held
    has_passkeys_here: bool


class SecondStepController(Controller):
    path = "/sign-in/second-step"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id = await second_step.awaiting(second_step_of(request))
        next_path = own_path(request.query_params.get("next", ""))
        if person_id is None:
            return _over()
        return await _shown(request, person_id, SecondStepForm.blank(next=next_path), 200)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form, token = await SecondStepForm.read(request), second_step_of(request)
        person_id = await second_step.awaiting(token)
        if person_id is None:
            return _over()
        if form.credential:
            form.errors.pop("code", None)
        if not form.is_valid:
            return await _shown(request, person_id, form, 422)
        browser = known_browsers.of_person(known_browser_of(request), person_id)
        try:
            if form.credential:
                use = passkey_challenges.SECOND_STEP
                await passkeys.use(form.credential, form.challenge, use=use, person_id=person_id)
                fresh = await second_step.complete(token, by="passkey")
            else:
                done = await second_step.by_code(token, form.code, browser=browser)
                fresh = done[1] if done else None
        except Refusal as refusal:
            is_of_code = isinstance(refusal, second_factors.WrongSecondFactor)
            return await _shown(request, person_id, form.refuse("code" if is_of_code else None, str(refusal)), refusal)
        if fresh is None:
            return _over()
        answer = await signed_in_with(request, fresh, person_id, next=own_path(form.next))
        return cookie_with_known(answer, request, person_id)

    @post("/passkey")
    async def passkey(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id = await second_step.awaiting(second_step_of(request))
        if person_id is None:
            return _over()
        return for_script(await passkeys.request(passkey_challenges.SECOND_STEP, person_id))


def _over() -> Response[Any]:
    return with_notice(see_other("/sign-in"), _(OVER))


async def _shown(
    request: Request[Any, Any, Any], person_id: UUID, form: SecondStepForm, state: int | Refusal
) -> Response[Any]:
    view = SecondStepPage(
        form=form,
        next=own_path(form.values.get("next", "")),
        held=await second_factors.held(person_id),
        has_passkeys_here=passkey_challenges.are_possible(),
    )
    response = page(request, view, status=state if isinstance(state, int) else state.status)
    if isinstance(state, TooManyTries):
        response.headers["Retry-After"] = str(state.retry_after)
    return without_store(response)
