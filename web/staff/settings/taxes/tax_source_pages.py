"""Who works out the tax of orders: the shop's own rates, or Stripe Tax once the account is ready for it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.catalog.products import admin_products
from components.checkout.taxes import stripe_tax, tax_codes
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import setting_rows, shop_settings
from components.payments.taxes import tax_alarm, tax_readiness
from components.payments.taxes.tax_alarm import TaxAlarm
from components.pricing.tax import STANDARD
from web.current_person import person_id_of
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.edit_conflicts import overtaken
from web.staff.settings.shop_settings_forms import SettingsForm
from web.views import View, page

PATH = "/staff/settings/tax/source"
SMALL = "You are set to be below the limit for small businesses, so no tax is charged. Change that first."


class TaxSourceForm(SettingsForm):
    tax_source = Choice(
        "Orders are taxed by",
        (("own", "Our own rates"), ("stripe", "Stripe Tax")),
        as_radio=True,
    )
    tax_fallback = Choice(
        "When Stripe does not answer",
        (("wait", "The customer is asked to try again in a minute"), ("own", "The order is taxed by our own rates")),
        as_radio=True,
    )


class TaxCodeForm(Form):
    category = Choice("Tax code of")
    code = Text("Code", longest=40, required=False, help="As Stripe lists it. Empty: the usual one.")


@dataclass(frozen=True, kw_only=True)
class TaxCodeRow:
    """`code` is the one that counts; `is_usual` when nobody has set another, `is_as_standard` when that is the code of
    ordinary goods, whatever the category's own rate would be."""

    name: str
    code: str
    is_usual: bool
    is_as_standard: bool


@dataclass(frozen=True, kw_only=True)
class TaxSourcePage(View):
    """`fault` says why the account cannot be used for Stripe Tax; "" when it can, or when nobody wants it to.
    `as_standard` are categories that products have, without a code of their own."""

    template: ClassVar[str] = "staff/settings/tax/source.html"
    form: TaxSourceForm
    code_form: TaxCodeForm
    codes: tuple[TaxCodeRow, ...]
    codes_list: str
    fault: str
    tax_alarms: tuple[TaxAlarm, ...]
    as_standard: tuple[str, ...]


class StaffTaxSourceController(Controller):
    path = PATH
    guards = [staff("settings")]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, await _page(_filled()))

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Stripe is asked at once whether the account and the key can do it."""
        form = await TaxSourceForm.read(request)
        if form.is_valid and form.tax_source == "stripe":
            small = SMALL if shop_settings.current().small_business == "yes" else ""
            if fault := small or await tax_readiness.fault():
                form.refuse("tax_source", fault)
        if not form.is_valid or overtaken(form, _filled()):
            return page(request, await _page(form), status=form.answer_status)
        changed = await setting_rows.change(form.settings(), by=person_id_of(request))
        words = "Saved. Baskets follow from now on." if changed else "Nothing was changed."
        return with_notice(see_other(PATH), words)

    @post("/codes")
    async def set_code(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await TaxCodeForm.read(request, choices=await _choices())
        if form.is_valid:
            try:
                await tax_codes.set_code(form.category, form.code.strip(), by=person_id_of(request))
                return with_notice(see_other(PATH), "Saved. Baskets follow from now on.")
            except Refusal as refusal:
                form.refuse("code", str(refusal))
        return page(request, await _page(_filled(), code_form=form), status=422)


def _filled() -> TaxSourceForm:
    known = shop_settings.current()
    return TaxSourceForm.blank(tax_source=known.tax_source, tax_fallback=known.tax_fallback)


async def _choices() -> dict[str, Any]:
    return {"category": tuple((await tax_codes.names()).items())}


async def _page(form: TaxSourceForm, *, code_form: TaxCodeForm | None = None) -> TaxSourcePage:
    known, names = await tax_codes.known(), await tax_codes.names()
    asks = shop_settings.current().asks_stripe_tax
    fault = await tax_readiness.fault() if asks and not form.errors else ""
    return TaxSourcePage(
        form=form,
        code_form=code_form or TaxCodeForm.blank(choices=await _choices()),
        codes=tuple(
            TaxCodeRow(
                name=name,
                code=known.get(slug) or _usual(slug, known),
                is_usual=slug not in known,
                is_as_standard=_is_as_standard(slug, known),
            )
            for slug, name in names.items()
        ),
        codes_list=tax_codes.WHERE,
        fault=fault,
        tax_alarms=await tax_alarm.current() if asks else (),
        as_standard=await _as_standard(known, names),
    )


async def _as_standard(known: dict[str, str], names: dict[str, str]) -> tuple[str, ...]:
    used = await admin_products.tax_categories()
    return tuple(name for slug, name in names.items() if slug in used and _is_as_standard(slug, known))


def _is_as_standard(slug: str, known: dict[str, str]) -> bool:
    return slug not in {*known, STANDARD} and stripe_tax.usual_code(slug) == stripe_tax.GOODS


def _usual(slug: str, known: dict[str, str]) -> str:
    """As a basket has it."""
    return stripe_tax.code_of(slug, known)
