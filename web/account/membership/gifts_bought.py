"""Gift memberships this person has bought, and their status."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.foundation.formatting import day
from components.foundation.languages.words import _
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.plans import plan_catalogue
from components.memberships.tables import GiftMembership
from web.current_person import person_id_of
from web.guards import signed_in
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class GivenRow:
    recipient_name: str
    recipient_email: str
    plan_name: str
    send_at: datetime
    code: str
    state: str
    look: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class GivenPage(View):
    template: ClassVar[str] = "account/membership/gifts_bought/index.html"
    given: tuple[GivenRow, ...]


class GivenController(Controller):
    path = "/account/given"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        rows = tuple(_row(gift) for gift in await gift_memberships.bought_by(person_id_of(request)))
        return page(request, GivenPage(given=rows))


def state_of(gift: GiftMembership) -> tuple[str, str]:
    """Its status, as text and the badge's look."""
    if gift.refunded_at and gift.redeemed_at:
        return _("Redeemed, refunded %(day)s", day=day(gift.refunded_at)), "plain"
    if gift.refunded_at:
        return _("Refunded %(day)s", day=day(gift.refunded_at)), "plain"
    if gift.voided_at:
        return _("Stopped %(day)s", day=day(gift.voided_at)), "plain"
    if gift.redeemed_at:
        return _("Redeemed"), "good"
    if gift_memberships.has_expired(gift):
        return _("Expired"), "plain"
    return (_("Sent"), "club") if gift.sent_at else (_("Scheduled"), "plain")


def _row(gift: GiftMembership) -> GivenRow:
    state, look = state_of(gift)
    return GivenRow(
        recipient_name=gift.recipient_name,
        recipient_email=gift.recipient_email,
        plan_name=plan_catalogue.by_version(gift.plan_version).name,
        send_at=gift.send_at,
        code=gift_codes.code_of(gift),
        state=state,
        look=look,
        until=gift_memberships.redeem_by(gift),
    )
