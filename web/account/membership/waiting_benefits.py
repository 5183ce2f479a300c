"""Waiting gifts, partner codes and perks: what membership gives besides prices."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.snapshot import snapshot_refresh
from components.foundation.languages import enumerations
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound, Refusal
from components.memberships.benefits.events import Holding
from components.memberships.benefits.kinds import all_kinds, kind
from components.memberships.benefits.protocol import Kind, PanelEntry
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements, HeldBenefit
from components.memberships.grants import gift_memberships
from components.rewards import free_products
from components.rewards.free_products import WaitingGift
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.shop.viewer import Viewer
from web.views import View, page, visitor_of

HERE = "/account/gifts"


@dataclass(frozen=True, kw_only=True)
class GiftWaiting:
    words: str
    pieces: str
    until: datetime | None
    is_in_basket: bool


@dataclass(frozen=True, kw_only=True)
class GiftHad:
    words: str
    title: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What one kind of benefit shows."""

    key: str
    title: str
    entries: tuple[PanelEntry, ...]


@dataclass(frozen=True, kw_only=True)
class AccountGiftsPage(View):
    template: ClassVar[str] = "account/membership/waiting_benefits/index.html"
    waiting: tuple[GiftWaiting, ...]
    had: tuple[GiftHad, ...]
    panels: tuple[Panel, ...]
    has_bought: bool


class GiftsController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id, visitor = person_id_of(request), visitor_of(request)
        return page(
            request,
            AccountGiftsPage(
                waiting=tuple(
                    _waiting(one, Viewer.of(visitor))
                    for one in await free_products.waiting_gifts(person_id, visitor.at)
                ),
                had=tuple(
                    GiftHad(words=one.words, title=_title(one.variant_id), at=one.claimed_at)
                    for one in await free_products.claimed_gifts(person_id)
                ),
                panels=await _panels(person_id, visitor.standing, is_preview=bool(visitor.preview)),
                has_bought=bool(await gift_memberships.bought_by(person_id)),
            ),
        )

    @post("/codes/{benefit_id:uuid}")
    async def claim_code(self, request: Request[Any, Any, Any], benefit_id: FromPath[UUID]) -> Response[Any]:
        """Only for those who hold the benefit now; the same code however often it is requested."""
        person_id, standing = person_id_of(request), visitor_of(request).standing
        held = next((one for one in standing.entitlements if one.benefit_id == benefit_id), None)
        if held is None:
            raise NotFound
        of_kind = kind(held.kind)
        try:
            words = await of_kind.on_claim(_holding(of_kind, held, person_id))
        except NotFound:
            raise
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), words)


async def _panels(person_id: UUID, standing: CustomerEntitlements, *, is_preview: bool) -> tuple[Panel, ...]:
    """A code belongs to the member alone: staff in a preview only see that there is one."""
    found = []
    for of_kind in all_kinds().values():
        held = tuple(_holding(of_kind, one, person_id) for one in standing.entitlements if one.kind == of_kind.key)
        if held and (entries := await of_kind.member_panel(held)):
            shown = tuple(replace(one, code="") for one in entries) if is_preview else entries
            found.append(Panel(key=of_kind.key, title=_(of_kind.panel_title), entries=shown))
    return tuple(found)


def _holding(of_kind: Kind[Any], held: HeldBenefit, person_id: UUID) -> Holding[Any]:
    return Holding(person_id, held.benefit_id, held.name, of_kind.load(held.settings), held.since)


def _waiting(one: WaitingGift, look: Viewer) -> GiftWaiting:
    """Offered products that the member cannot see yet are not named."""
    titles = list(dict.fromkeys(_title(variant) for variant in one.offered if _is_shown(variant, look)))
    return GiftWaiting(
        words=one.words, pieces=enumerations.one_of(titles), until=one.claim_until, is_in_basket=one.chosen is not None
    )


def _is_shown(variant_id: UUID, look: Viewer) -> bool:
    variant = snapshot_refresh.snapshot().variant(variant_id)
    product = snapshot_refresh.snapshot().product_by_id(variant.product_id) if variant else None
    return variant is None or product is None or look.standing_of(product, variant).is_visible


def _title(variant_id: UUID) -> str:
    variant = snapshot_refresh.snapshot().variant(variant_id)
    product = snapshot_refresh.snapshot().product_by_id(variant.product_id) if variant else None
    return product.title if product else _("A product we no longer sell")
