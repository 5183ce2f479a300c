"""Memberships as gifts: choosing and paying for one, and redeeming one with its code."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.content.pages import agreements
from components.content.pages.agreements import AskedConsent
from components.foundation import clock
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import shop_settings
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.grants import gift_addresses, gift_codes, gift_expiry, gift_memberships
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import early_start_requests, open_plans
from components.memberships.promises.early_start_requests import EarlyStartAsked
from components.memberships.tables import GiftMembership
from components.payments.payment_refusals import NO_ANSWER
from components.payments.values import Payer
from components.people import rate_limits
from web.current_person import person_id_of
from web.forms.fields import Choice, EmailField, LongText, Text, Tick
from web.forms.form import Form
from web.forms.times import Day
from web.guards import anyone, signed_in
from web.replies import see_other, with_notice
from web.shop.pages.consent import ConsentFields
from web.sign_in_session import address_of
from web.views import View, page, visitor_of

HERE = "/gifts"
MEMBERSHIP = "/account/membership"
CODES_FROM_ADDRESS = rate_limits.RateLimit("gift code from address", 20, timedelta(minutes=15))
SENDING_HOUR = time(8, 0)
REDEEMED = N_("You’ve already redeemed this gift.")


class GiftMembershipForm(ConsentFields):
    plan = Choice(N_("Membership"), as_radio=True)
    giver_name = Text(
        N_("Your name"), longest=120, help=N_("How your name should appear in the e-mail."), autocomplete="name"
    )
    recipient_name = Text(N_("Their name"), longest=120)
    recipient_email = EmailField(N_("Their e-mail"))
    message = LongText(N_("Message"), longest=1000, required=False, rows=4)
    day = Day(N_("Send on"), help=N_("At 8 am. If you choose today, we send it straight away."))


class GiftCodeForm(Form):
    code = Text(
        N_("Code"),
        longest=40,
        help=N_("You’ll find it in the e-mail: three groups of four characters."),
        autocomplete="off",
    )
    begins_now = Tick(N_("Begins at once"))


@dataclass(frozen=True, kw_only=True)
class GiftMembershipsPage(View):
    template: ClassVar[str] = "shop/join/gift_memberships/new.html"
    plans: tuple[PlanView, ...]
    form: GiftMembershipForm
    consent: AskedConsent | None
    needs_sign_in: bool
    expires: datetime | None


@dataclass(frozen=True, kw_only=True)
class GiftPaidPage(View):
    template: ClassVar[str] = "shop/join/gift_memberships/show.html"
    gift: GiftMembership
    plan: PlanView
    code: str
    is_paid: bool
    until: datetime | None
    may_correct: bool


@dataclass(frozen=True, kw_only=True)
class RedeemPage(View):
    template: ClassVar[str] = "shop/join/gift_memberships/redeem.html"
    form: GiftCodeForm
    gift: GiftMembership | None
    plan: PlanView | None
    length: str
    held: HeldPlan | None
    until: datetime | None
    early_start: EarlyStartAsked | None


class GiftMembershipController(Controller):
    path = HERE
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any], plan: FromQuery[str] = "") -> Response[Any]:
        plans = await _plans()
        slugs = [one.slug for one in plans]
        form = GiftMembershipForm.blank(
            choices={"plan": _choices(plans)},
            plan=plan if plan in slugs else next(iter(slugs), ""),
            giver_name=visitor_of(request).name,
            day=_today(),
        )
        return await _form(request, form)

    @post(guards=[signed_in])
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await GiftMembershipForm.read(request, choices={"plan": _choices(await _plans())})
        if form.is_valid:
            try:
                return see_other(await _bought(request, form))
            except gift_memberships.SendDateTooLate as refusal:
                form.refuse("day", str(refusal))
            except gift_memberships.NotGiftable as refusal:
                form.refuse("plan", str(refusal))
            except Refusal as refusal:
                form.refuse(None, str(refusal))
        return await _form(request, form, status=422)

    @get("/bought/{gift_id:uuid}", guards=[signed_in])
    async def show(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        """The return page of the payment. It reads the payment's state and does not trust the address."""
        gift = await gift_memberships.by_id(gift_id)
        if gift.buyer != person_id_of(request):
            raise NotFound
        try:
            gift = await gift_memberships.complete(gift_id)
        except NO_ANSWER:
            gift = await gift_memberships.by_id(gift_id)
        plan, code = plan_catalogue.by_version(gift.plan_version), gift_codes.code_of(gift)
        until = gift_memberships.redeem_by(gift)
        shown = GiftPaidPage(
            gift=gift, plan=plan, code=code, is_paid=bool(gift.paid_at), until=until,
            may_correct=gift_addresses.may_be_corrected(gift),
        )  # fmt: skip
        return page(request, shown)

    @get("/redeem")
    async def code(self, request: Request[Any, Any, Any], code: FromQuery[str] = "") -> Response[Any]:
        if not code:
            return await _redeeming(request, GiftCodeForm.blank())
        form = GiftCodeForm.blank(code=code[:40])
        try:
            return await _redeeming(request, form, await _looked_up(request, code))
        except Refusal as refusal:
            if _is_theirs(request, refusal):
                return with_notice(see_other(MEMBERSHIP), _(REDEEMED))
            return await _redeeming(request, form.refuse("code", str(refusal)), status=refusal.status)

    @post("/redeem", guards=[signed_in])
    async def redeem(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await GiftCodeForm.read(request)
        if not form.is_valid:
            return await _redeeming(request, form, status=422)
        try:
            await rate_limits.hit(CODES_FROM_ADDRESS, address_of(request))
            gift, person_id = await gift_memberships.by_code(form.code), person_id_of(request)
            begun = await gift_memberships.redeem(form.code, person_id=person_id)
            await early_start_requests.record(
                await early_start_requests.asked_of(person_id, is_gift=True), is_wanted=form.begins_now,
                person_id=person_id, plan_version=gift.plan_version, gift=gift.id,
            )  # fmt: skip
        except Refusal as refusal:
            if _is_theirs(request, refusal):
                return with_notice(see_other(MEMBERSHIP), _(REDEEMED))
            form.refuse("code", str(refusal))
            return await _redeeming(request, form, status=422 if refusal.status == 404 else refusal.status)
        if begun is None:
            return with_notice(see_other(MEMBERSHIP), _("Gift redeemed. It starts when your current membership ends."))
        if begun.starts_at > clock.now():
            return with_notice(see_other(MEMBERSHIP), _("Gift redeemed. It starts when what you have now ends."))
        return see_other(f"{MEMBERSHIP}/welcome")


async def _bought(request: Request[Any, Any, Any], form: GiftMembershipForm) -> str:
    visitor = visitor_of(request)
    wrapping = GiftDetails(
        giver_name=form.giver_name,
        recipient_name=form.recipient_name,
        recipient_email=form.recipient_email,
        message=form.message,
        send_at=_morning(form.day),
    )
    payer, plan = Payer(person_id_of(request), visitor.email, visitor.name), plan_catalogue.by_slug(form.plan)
    await agreements.record(form.consent, about="joining", about_id=person_id_of(request))
    return await gift_memberships.buy(payer, plan, wrapping, success_path=f"{HERE}/bought", cancel_path=HERE)


async def _looked_up(request: Request[Any, Any, Any], code: str) -> GiftMembership:
    """Looking up a code counts too, so that codes cannot be guessed."""
    await rate_limits.hit(CODES_FROM_ADDRESS, address_of(request))
    return await gift_memberships.by_code(code)


def _is_theirs(request: Request[Any, Any, Any], refusal: Refusal) -> bool:
    """Redeemed by whoever opens the link again: it leads to their membership."""
    if not isinstance(refusal, gift_memberships.RedeemedAlready) or refusal.by is None:
        return False
    return visitor_of(request).person_id == refusal.by


async def _plans() -> tuple[PlanView, ...]:
    """A gift takes a place of its own, whoever gives it."""
    return await open_plans.of([plan for plan in plan_catalogue.active_plans() if plan.is_giftable], None)


def _choices(plans: tuple[PlanView, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((plan.slug, plan.name) for plan in plans)


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(shop_settings.current().time_zone)).date()


def _morning(day: date) -> datetime:
    """Eight o'clock in the shop's zone; for today, now. A past day stays in the past, and is refused."""
    if day == _today():
        return clock.now()
    return datetime.combine(day, SENDING_HOUR, ZoneInfo(shop_settings.current().time_zone)).astimezone(UTC)


async def _form(request: Request[Any, Any, Any], form: GiftMembershipForm, *, status: int = 200) -> Response[Any]:
    shown = GiftMembershipsPage(
        plans=await _plans(), form=form, consent=agreements.asked(), needs_sign_in=not visitor_of(request).is_signed_in,
        expires=until - timedelta(seconds=1) if (until := gift_expiry.expires_at(clock.now())) else None,
    )  # fmt: skip
    return page(request, shown, status=status)


async def _redeeming(
    request: Request[Any, Any, Any], form: GiftCodeForm, gift: GiftMembership | None = None, *, status: int = 200
) -> Response[Any]:
    plan = plan_catalogue.by_version(gift.plan_version) if gift else None
    length = gift_memberships.length_in_words(plan) if plan else ""
    held, until = visitor_of(request).standing.plan, gift_memberships.redeem_by(gift) if gift else None
    person_id = visitor_of(request).person_id
    asked = await early_start_requests.asked_of(person_id, is_gift=True) if person_id and gift else None
    shown = RedeemPage(form=form, gift=gift, plan=plan, length=length, held=held, until=until, early_start=asked)
    return page(request, shown, status=status)
