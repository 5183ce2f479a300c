"""The page that asks to confirm before another page, and what its passkey button needs."""

from typing import Any

from litestar import Controller, MediaType, Request, Response, get, post

from components.people.identity import identity_checks
from components.people.second_factor import passkey_challenges, passkeys
from web.account.security.confirm_identity import ask, ask_or_prove
from web.current_person import person_id_of, session_of
from web.forms.sending import read_body
from web.guards import signed_in
from web.replies import see_other
from web.sign_in_session import own_path

PATH = "/account/confirm"


class ConfirmIdentityController(Controller):
    path = PATH
    guards = [signed_in]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        next_path = own_path(request.query_params.get("next", ""), "/account")
        if await identity_checks.is_confirmed(session_of(request)):
            return see_other(next_path)
        return await ask(request, action=PATH, kept=(("next", next_path),))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        given = await read_body(request)
        next_path = own_path(str(given.get("next") or ""), "/account")
        asked = await ask_or_prove(request, action=PATH, kept=(("next", next_path),))
        return asked or see_other(next_path)

    @post("/passkey")
    async def passkey(self, request: Request[Any, Any, Any]) -> Response[Any]:
        asked = await passkeys.request(passkey_challenges.CONFIRM, person_id_of(request))
        return for_script(asked)


def for_script(asked: passkey_challenges.PasskeyRequest) -> Response[Any]:
    """For the script: the options, with the challenge that goes back in the form."""
    body = f'{{"options":{asked.options},"challenge":"{asked.challenge}"}}'
    return Response(body, media_type=MediaType.JSON, headers={"Cache-Control": "private, no-store"}, status_code=200)
