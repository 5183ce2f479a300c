"""The card on file that orders can be paid with, and removing it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.payments.checkout_sessions import saved_cards
from components.payments.checkout_sessions.saved_cards import CardOnFile
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page

PATH = "/account/saved-card"


@dataclass(frozen=True, kw_only=True)
class SavedCardPage(View):
    template: ClassVar[str] = "account/profile/saved_card/show.html"
    card: CardOnFile | None


class SavedCardController(Controller):
    path = PATH
    guards = [signed_in]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, SavedCardPage(card=await saved_cards.of_person(person_id_of(request))))

    @post("/removal")
    async def remove(self, request: Request[Any, Any, Any]) -> Response[Any]:
        try:
            await saved_cards.remove(person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(PATH), str(refusal))
        return with_notice(see_other(PATH), _("Your saved card has been removed."))
