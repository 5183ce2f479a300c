"""The page behind the button in a confirmation e-mail: GET shows, POST confirms, for the signed-in account."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.people import accounts, confirmations
from web.account.entry import confidential
from web.account.whose import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class ConfirmationPage(View):
    template: ClassVar[str] = "account/confirmations/show.html"
    token: str
    email: str | None
    refusal: str


class ConfirmationController(Controller):
    path = "/account/confirmation"
    guards = [signed_in]

    @get("/{token:str}")
    async def show(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        email = await confirmations.asked(token, by=person_id_of(request))
        return confidential(page(request, ConfirmationPage(token=token, email=email, refusal="")))

    @post("/{token:str}")
    async def update(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        try:
            person = await confirmations.answer(token, by=person_id_of(request))
        except (confirmations.ConfirmationLapsed, accounts.EmailTaken) as refusal:
            view = ConfirmationPage(token=token, email=None, refusal=str(refusal))
            return confidential(page(request, view, status=422))
        return with_notice(see_other("/account/details"), f"Thank you. {person.email} is confirmed.")
