"""The page behind the button in a confirmation e-mail: GET shows, POST confirms, for the signed-in account."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.languages.words import _
from components.people import customer_accounts, email_confirmations
from web.current_person import person_id_of, session_of
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.sign_in_session import without_store
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class ConfirmationPage(View):
    template: ClassVar[str] = "account/sign_in/confirmations/show.html"
    token: str
    email: str | None
    refusal: str


class ConfirmationController(Controller):
    path = "/account/confirmation"
    guards = [signed_in]

    @get("/{token:str}")
    async def show(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        email = await email_confirmations.pending(token, by=person_id_of(request))
        return without_store(page(request, ConfirmationPage(token=token, email=email, refusal="")))

    @post("/{token:str}")
    async def update(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        try:
            person = await email_confirmations.confirm(token, by=person_id_of(request), keeping=session_of(request))
        except (email_confirmations.ConfirmationExpired, customer_accounts.EmailTaken) as refusal:
            view = ConfirmationPage(token=token, email=None, refusal=str(refusal))
            return without_store(page(request, view, status=422))
        return with_notice(see_other("/account/details"), _("Thank you. %(email)s is confirmed.", email=person.email))
