"""The questions of a new shop, one short page each. They can be answered again, in any order, until it is open."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import _
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.setting_rows import ShopSettingRefused
from components.messaging import mailbox, trial_email
from components.messaging.trial_email import TrialResult
from components.opening import setup_state, shop_setup
from web.current_person import person_id_of
from web.demo_mode import mailbox_address
from web.forms.sending import read_body
from web.replies import see_other, with_notice
from web.setup import stripe_key_form
from web.setup.setup_forms import PaymentQuestions, SenderQuestion, ShopQuestions, choices, field_of
from web.setup.setup_guards import opening_owner
from web.setup.stripe_key_form import KeyStanding
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class SetupShopPage(View):
    template: ClassVar[str] = "setup/shop.html"
    partial: ClassVar[str | None] = "setup/_place.html"
    form: ShopQuestions
    place_href: str = "/setup/shop/place"


@dataclass(frozen=True, kw_only=True)
class SetupPaymentsPage(View):
    template: ClassVar[str] = "setup/payments.html"
    form: PaymentQuestions
    key: KeyStanding


@dataclass(frozen=True, kw_only=True)
class SetupEmailsPage(View):
    """`tried` is what the test e-mail came to, when one was sent just now."""

    template: ClassVar[str] = "setup/emails.html"
    form: SenderQuestion
    tried: TrialResult | None
    can_send: bool
    email: str
    mailbox: str


class SetupController(Controller):
    path = "/setup"
    guards = [opening_owner]

    @get()
    async def index(self) -> Response[Any]:
        """To the first question without an answer."""
        step = setup_state.current().next_step
        return see_other(f"/setup/{step if step != 'open' else 'emails'}")

    @get("/shop")
    async def shop(self, request: Request[Any, Any, Any]) -> Response[Any]:
        known = shop_settings.current()
        is_known = "shop" in setup_state.current().done
        names = ("shop_name", "country", "trade", "time_zone")
        given = {name: getattr(known, name) for name in names} | {"region": known.tax_region} if is_known else {}
        return page(request, SetupShopPage(form=ShopQuestions.blank(choices=choices(), **given)))

    @post("/shop/place", status_code=200)
    async def place(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """What is asked about another country; nothing is checked yet."""
        form = await ShopQuestions.read(request, choices=choices())
        form.errors.clear()
        return page(request, SetupShopPage(form=form))

    @post("/shop")
    async def answer_shop(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await ShopQuestions.read(request, choices=choices())
        if form.is_valid:
            try:
                await shop_setup.answer_shop(
                    name=form.shop_name,
                    country=form.country,
                    trade=form.trade,
                    email=visitor_of(request).email,
                    by=person_id_of(request),
                    **form.place,
                )
                return see_other("/setup")
            except ShopSettingRefused as refusal:
                form.refuse(field_of(refusal, form), str(refusal))
        return page(request, SetupShopPage(form=form), status=422)

    @get("/payments")
    async def payments(self, request: Request[Any, Any, Any]) -> Response[Any]:
        standing = await stripe_key_form.standing()
        return page(request, SetupPaymentsPage(form=stripe_key_form.filled(), key=standing))

    @post("/payments")
    async def answer_payments(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await PaymentQuestions.read(request)
        words = await stripe_key_form.take(form, by=person_id_of(request))
        if not form.is_valid:
            standing = await stripe_key_form.standing()
            return page(request, SetupPaymentsPage(form=form, key=standing), status=422)
        await shop_setup.answer_payments(by=person_id_of(request))
        return with_notice(see_other("/setup/emails"), words)

    @get("/emails")
    async def emails(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, _emails(request, SenderQuestion.filled()))

    @post("/emails")
    async def answer_emails(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Saves the sender; then sends a test and shows what came of it, or opens the shop."""
        form, person = await SenderQuestion.read(request), person_id_of(request)
        if form.is_valid:
            try:
                await shop_setup.answer_emails(form.mail_from, by=person)
            except ShopSettingRefused as refusal:
                form.refuse(field_of(refusal, form), str(refusal))
        if not form.is_valid:
            return page(request, _emails(request, form), status=422)
        if "test" in await read_body(request):
            return page(request, _emails(request, form, await trial_email.send(person)))
        step = setup_state.current().next_step
        if step != "open":
            return see_other(f"/setup/{step}")
        await shop_setup.open_shop(by=person)
        words = _("Your shop is open. Below is what it still needs.")
        return with_notice(see_other("/staff"), words)


def _emails(request: Request[Any, Any, Any], form: SenderQuestion, tried: TrialResult | None = None) -> SetupEmailsPage:
    return SetupEmailsPage(
        form=form, tried=tried, can_send=mailbox.can_send(), email=visitor_of(request).email, mailbox=mailbox_address()
    )
