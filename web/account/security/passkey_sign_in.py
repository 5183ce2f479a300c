"""Signing in with a passkey, without e-mail or password. The button appears only where a script can use it."""

from typing import Any

from litestar import Controller, Request, Response, post

from components.people.second_factor import passkey_challenges, passkeys
from components.people.second_factor.passkey_challenges import PasskeyRefused
from web.account.security.confirm_page import for_script
from web.forms.fields import Text
from web.forms.form import Form
from web.guards import anyone
from web.replies import see_other, with_refusal
from web.sign_in_session import own_path, sign_in


class PasskeySignInForm(Form):
    credential = Text("Passkey", longest=20_000)
    challenge = Text("Challenge", longest=2_000)
    next = Text("Next", longest=2000, required=False)


class PasskeySignInController(Controller):
    path = "/sign-in/passkey"
    guards = [anyone]

    @post("/options")
    async def options(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return for_script(await passkeys.request(passkey_challenges.SIGN_IN))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await PasskeySignInForm.read(request)
        try:
            if not form.is_valid:
                raise PasskeyRefused
            person_id = await passkeys.use(form.credential, form.challenge, use=passkey_challenges.SIGN_IN)
        except PasskeyRefused as refusal:
            return with_refusal(see_other("/sign-in"), str(refusal))
        return await sign_in(request, person_id, next=own_path(form.next), by="passkey")
