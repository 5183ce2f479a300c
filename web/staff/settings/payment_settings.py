"""Settings, Payments: practice, or a Stripe key that is tried before it is kept."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.payments.stripe_account import webhook_endpoint
from components.people.identity import identity_checks
from web.current_person import person_id_of, session_of
from web.guards import owner
from web.replies import see_other, with_notice
from web.setup import stripe_key_form
from web.setup.setup_forms import PaymentQuestions
from web.setup.stripe_key_form import KeyStanding
from web.staff.settings.shop_settings_forms import LIST
from web.views import View, page

PATH = f"{LIST}/payments"


@dataclass(frozen=True, kw_only=True)
class PaymentSettingsPage(View):
    """`webhooks` says what is wrong with the secret of the webhook endpoint; "" when nothing is, and offline."""

    template: ClassVar[str] = "staff/settings/payments.html"
    form: PaymentQuestions
    key: KeyStanding
    webhooks: str


class PaymentSettingsController(Controller):
    """Whoever changes where the money goes confirms first that it is them."""

    path = PATH
    guards = [owner]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        if not await identity_checks.is_confirmed(session_of(request)):
            return see_other(f"/account/confirm?next={PATH}")
        return page(request, await _shown(stripe_key_form.filled()))

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        if not await identity_checks.is_confirmed(session_of(request)):
            return see_other(f"/account/confirm?next={PATH}")
        form = await PaymentQuestions.read(request)
        words = await stripe_key_form.take(form, by=person_id_of(request))
        if not form.is_valid:
            return page(request, await _shown(form), status=422)
        return with_notice(see_other(PATH), words)


async def _shown(form: PaymentQuestions) -> PaymentSettingsPage:
    standing = await stripe_key_form.standing()
    fault = "" if standing.mode == "offline" else webhook_endpoint.secret_fault()
    return PaymentSettingsPage(form=form, key=standing, webhooks=fault)
