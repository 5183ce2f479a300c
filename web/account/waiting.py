"""The waiting page: a change that may move money was sent, and the bank has not answered yet; then what came of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.foundation import clock
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from components.payments.billing_requests import billing_requests, refused_wishes, request_kinds
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.tables import BillingRequest
from web.guards import signed_in
from web.replies import see_other
from web.views import View, page, visitor_of

MEMBERSHIP = "/account/membership"
SOON = timedelta(minutes=2)
"""After this, nobody should sit and watch."""


@dataclass(frozen=True, kw_only=True)
class WaitingPage(View):
    """`state` is asking, long, done or refused. `is_own` is False when staff wait for a member's bank, `asks_bank`
    where no card is charged, so that no bank is asked."""

    template: ClassVar[str] = "account/waiting/show.html"
    partial: ClassVar[str | None] = "account/waiting/_state.html"
    state: str
    words: str
    back: str
    address: str
    is_own: bool
    asks_bank: bool


class WaitingController(Controller):
    path = "/account/waiting"
    guards = [signed_in]

    @get("/{request_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], request_id: FromPath[UUID]) -> Response[Any]:
        asked = await billing_requests.by_id(request_id)
        visitor = visitor_of(request)
        if asked is None or not (visitor.is_staff or visitor.person_id == await billing_requests.person_of(asked)):
            raise NotFound
        back = _inside(request.query_params.get("back", ""))
        is_own = not back.startswith("/staff/")
        state, words = _told(asked, is_own=is_own)
        if is_own and not visitor.preview and visitor.person_id == await billing_requests.person_of(asked):
            await _noted(asked)
        view = WaitingPage(
            state=state,
            words=words,
            back=back,
            address=_path(asked.id, back),
            is_own=is_own,
            asks_bank=request_kinds.named(asked.kind).asks_bank,
        )
        return page(request, view)


def outcome_unknown(request: Request[Any, Any, Any], unknown: OutcomeUnknown) -> Response[Any]:
    """Instead of a result: the page on which it will be shown."""
    if unknown.request_id is None:
        return see_other(MEMBERSHIP)
    return see_other(_path(unknown.request_id, MEMBERSHIP))


def see_waiting(unknown: OutcomeUnknown, *, back: str) -> Response[Any]:
    """For a controller whose visitor goes back to another page than their membership."""
    return see_other(_path(unknown.request_id, back) if unknown.request_id else back)


def _path(request_id: UUID, back: str) -> str:
    return f"/account/waiting/{request_id}" + ("" if back == MEMBERSHIP else f"?back={quote(back, safe='/')}")


def _inside(back: str) -> str:
    """A path of this shop."""
    is_one = back.startswith("/") and not back.startswith("//") and "\\" not in back
    return back if is_one else MEMBERSHIP


async def _noted(asked: BillingRequest) -> None:
    """Their own member has seen it: what they were told, and what came of it."""
    if not asked.is_settled:
        await refused_wishes.note_waiting(asked.id)
    elif not asked.is_done:
        await refused_wishes.note_read(asked.id)


def _told(asked: BillingRequest, *, is_own: bool) -> tuple[str, str]:
    kind = request_kinds.named(asked.kind)
    if asked.is_settled:
        if not asked.is_done:
            return "refused", _why(asked, is_own=is_own)
        return "done", _(kind.done if is_own else kind.done_for_staff)
    return ("asking" if clock.now() - asked.asked_at < SOON else "long"), ""


def _why(asked: BillingRequest, *, is_own: bool) -> str:
    """Staff read the bank's words, too, but not what is said to the member about their own membership."""
    if is_own:
        return refused_wishes.why(asked)
    if asked.is_declined:
        return _("The card was declined. The membership is as it was, and nothing was charged.")
    return _("This did not go through: the membership is as it was, and nothing was charged. You can try again.")
