"""Whether the shop's prices include tax: changed on a page that says what happens to every price."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation import currencies
from components.foundation.money import Money
from components.foundation.shop_settings import setting_rows, shop_settings
from components.orders import queries
from components.pricing import domestic_tax
from components.pricing.tax import TaxTerms
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.settings.taxes.tax_forms import PricesForm
from web.views import View, page

LIST = "/staff/settings/tax"
EXAMPLES = (10, 25, 100)


@dataclass(frozen=True, kw_only=True)
class TaxedPriceExample:
    """One price as it is typed, and what a customer at home pays for it either way."""

    typed: Money
    included: Money
    added: Money


@dataclass(frozen=True, kw_only=True)
class TaxedPricesPage(View):
    template: ClassVar[str] = "staff/settings/tax/prices.html"
    form: PricesForm
    examples: tuple[TaxedPriceExample, ...]
    tax: str
    rate_bp: int
    has_orders: bool


class StaffTaxedPricesController(Controller):
    path = f"{LIST}/prices"
    guards = [staff("settings")]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = PricesForm.blank(prices_include_tax=shop_settings.current().prices_include_tax)
        return page(request, await _page(form))

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await PricesForm.read(request)
        is_other = form.is_valid and form.prices_include_tax != shop_settings.current().prices_include_tax
        if is_other and not form.has_read:
            form.refuse("has_read", "Please read what changes, and tick this box.")
        if not form.is_valid:
            return page(request, await _page(form), status=422)
        await setting_rows.change({"prices_include_tax": form.prices_include_tax}, by=person_id_of(request))
        return with_notice(
            see_other(LIST), "Saved. Baskets follow from now on." if is_other else "Nothing was changed."
        )


async def _page(form: PricesForm) -> TaxedPricesPage:
    shop, terms = shop_settings.current(), domestic_tax.current_tax()
    unit = 10 ** currencies.decimals(shop.currency)
    return TaxedPricesPage(
        form=form,
        examples=tuple(_example(amount * unit, terms.rate_bp, shop.currency) for amount in EXAMPLES),
        tax=terms.name,
        rate_bp=terms.rate_bp,
        has_orders=await queries.any_exists(),
    )


def _example(typed: int, rate_bp: int, currency: str) -> TaxedPriceExample:
    added = typed + TaxTerms(rate_bp, inclusive=False).on(typed)
    return TaxedPriceExample(
        typed=Money(typed, currency), included=Money(typed, currency), added=Money(added, currency)
    )
