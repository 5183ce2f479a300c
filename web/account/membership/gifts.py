"""Waiting gifts, partner codes and perks: what membership gives besides prices."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.snapshot import snapshot_refresh
from components.foundation.refusals import NotFound, Refusal
from components.memberships.benefits.kinds import kind
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.rewards import free_products, partner_codes, perks
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
class CodeHeld:
    """`code` is empty until the member claims it."""

    benefit_id: UUID
    name: str
    promise: str
    how: str
    code: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PerkHeld:
    name: str
    promise: str
    uses: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True)
class AccountGiftsPage(View):
    template: ClassVar[str] = "account/membership/gifts/index.html"
    waiting: tuple[GiftWaiting, ...]
    had: tuple[GiftHad, ...]
    codes: tuple[CodeHeld, ...]
    perks: tuple[PerkHeld, ...]


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
                codes=_shown(await codes_held(person_id, visitor.standing), is_preview=bool(visitor.preview)),
                perks=await _perks(person_id, visitor.standing),
            ),
        )

    @post("/codes/{benefit_id:uuid}")
    async def claim_code(self, request: Request[Any, Any, Any], benefit_id: FromPath[UUID]) -> Response[Any]:
        """Only for those who hold the benefit now; the same code however often it is requested."""
        held = {one.benefit_id for one in visitor_of(request).standing.entitlements if one.kind == "partner_code"}
        if benefit_id not in held:
            raise NotFound
        try:
            await partner_codes.claim(benefit_id, person_id=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), "Your code is below.")


def _shown(codes: tuple[CodeHeld, ...], *, is_preview: bool) -> tuple[CodeHeld, ...]:
    """A code belongs to the member alone: staff in a preview only see that there is one."""
    return tuple(replace(one, code="") for one in codes) if is_preview else codes


def _waiting(one: WaitingGift, look: Viewer) -> GiftWaiting:
    """Offered products that the member cannot see yet are not named."""
    titles = list(dict.fromkeys(_title(variant) for variant in one.offered if _is_shown(variant, look)))
    return GiftWaiting(
        words=one.words, pieces=" or ".join(titles), until=one.claim_until, is_in_basket=one.chosen is not None
    )


async def codes_held(person_id: UUID, standing: CustomerEntitlements) -> tuple[CodeHeld, ...]:
    """Of the benefits held now; a claimed code is shown for as long."""
    mine = await partner_codes.of_person(person_id)
    found = []
    for held in standing.entitlements:
        if held.kind != "partner_code":
            continue
        terms = kind(held.kind).load(held.settings)
        code = mine.get(held.benefit_id)
        found.append(
            CodeHeld(
                benefit_id=held.benefit_id,
                name=held.name,
                promise=terms.promise,
                how=terms.how,
                code=code.code if code else "",
                at=code.claimed_at if code else None,
            )
        )
    return tuple(found)


async def _perks(person_id: UUID, standing: CustomerEntitlements) -> tuple[PerkHeld, ...]:
    used = [one for one in await perks.of_person(person_id) if not one.is_undone]
    return tuple(
        PerkHeld(
            name=held.name,
            promise=kind(held.kind).words(kind(held.kind).load(held.settings)),
            uses=tuple(one.at for one in used if one.benefit_id == held.benefit_id),
        )
        for held in standing.entitlements
        if held.kind == "perk"
    )


def _is_shown(variant_id: UUID, look: Viewer) -> bool:
    variant = snapshot_refresh.snapshot().variant(variant_id)
    product = snapshot_refresh.snapshot().product_by_id(variant.product_id) if variant else None
    return variant is None or product is None or look.standing_of(product, variant).is_visible


def _title(variant_id: UUID) -> str:
    variant = snapshot_refresh.snapshot().variant(variant_id)
    product = snapshot_refresh.snapshot().product_by_id(variant.product_id) if variant else None
    return product.title if product else "A product we no longer sell"
