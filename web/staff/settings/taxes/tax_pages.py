"""Settings, Tax: rates by country, region and kind of goods; set, planned, removed, or taken over from a list."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout.delivery import delivery_terms
from components.checkout.taxes import suggested_rates, tax_rates
from components.checkout.taxes.suggested_rates import KnownRates, RateChange
from components.checkout.taxes.tax_book import Rate, TaxBook
from components.foundation import clock
from components.foundation.postal import tax_areas
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import setting_rows, shop_settings
from web import countries
from web.current_person import person_id_of
from web.guards import staff
from web.replies import deleted, see_other, with_notice, with_undo
from web.staff import filled_in
from web.staff.edit_conflicts import overtaken
from web.staff.settings.taxes.tax_forms import (
    CategoryForm,
    KnownForm,
    RateForm,
    TaxSettingsForm,
    rate_choices,
    settings_choices,
    tax_settings_form,
    usual_note,
)
from web.staff.settings.taxes.tax_rate_rows import RateRow, rate_rows
from web.views import View, page

LIST = "/staff/settings/tax"
TAXED_BY_REGION = frozenset({"US", "CA"})


@dataclass(frozen=True, kw_only=True)
class TaxPage(View):
    """`known_form` chooses among the countries that rates are offered for. `asks_region`: tax may depend on the state
    or province of the shop."""

    template: ClassVar[str] = "staff/settings/tax/index.html"
    rates: tuple[RateRow, ...]
    known_form: KnownForm
    in_eu: bool
    home: str
    home_code: str
    categories: tuple[tuple[str, str], ...]
    category_form: CategoryForm
    form: TaxSettingsForm
    usual_note: str
    prices_include: bool
    asks_stripe: bool
    asks_region: bool


@dataclass(frozen=True, kw_only=True)
class RatePage(View):
    template: ClassVar[str] = "staff/settings/tax/edit.html"
    form: RateForm


@dataclass(frozen=True, kw_only=True)
class RateRemovalPage(View):
    template: ClassVar[str] = "staff/settings/tax/removal.html"
    row: RateRow


@dataclass(frozen=True, kw_only=True)
class KnownRatesPage(View):
    template: ClassVar[str] = "staff/settings/tax/known.html"
    country: str
    as_of: str
    found: KnownRates
    changes: tuple[RateChange, ...]
    names: dict[str, str]


class StaffTaxController(Controller):
    path = LIST
    guards = [staff("settings")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, await _page())

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await TaxSettingsForm.read(request, choices=await settings_choices())
        if not form.is_valid or overtaken(form, await tax_settings_form()):
            return page(request, await _page(form=form), status=form.answer_status)
        changed = await setting_rows.change(form.settings(), by=person_id_of(request))
        return _back("Saved. Baskets follow from now on." if changed else "Nothing was changed.")

    @get("/rates/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        country, taxes = shop_settings.current().country, (await delivery_terms.current()).taxes
        name = next((one.name for one in taxes.in_force(clock.now()) if one.country == country), "VAT")
        form = RateForm.blank(choices=await rate_choices(), country=country, name=name)
        return page(request, RatePage(form=filled_in.by_address(form, request)))

    @post("/rates")
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await RateForm.read(request, choices=await rate_choices())
        if form.is_valid and form.basis_points is not None:
            try:
                await tax_rates.set_rate(
                    form.country, rate_bp=form.basis_points, name=form.name, region=form.region_code or "",
                    category=form.category, is_added=form.is_added, from_at=form.starts, by=person_id_of(request),
                )  # fmt: skip
                words = "planned" if form.starts else "saved"
                return _back(f"Tax rate for {countries.name(form.country)} {words}.")
            except Refusal as refusal:
                form.refuse(None, str(refusal))
        return page(request, RatePage(form=form), status=422)

    @get("/rates/{rate_id:uuid}/removal")
    async def confirm(self, request: Request[Any, Any, Any], rate_id: FromPath[UUID]) -> Response[Any]:
        rows = rate_rows((await _book()).rates, await tax_rates.category_names())
        row = next((one for one in rows if one.id == rate_id), None)
        if row is None:
            raise NotFound("This tax rate does not exist, or has ended.")
        return page(request, RateRemovalPage(row=row))

    @post("/rates/{rate_id:uuid}/removal")
    async def destroy(self, request: Request[Any, Any, Any], rate_id: FromPath[UUID]) -> Response[Any]:
        deletion = await tax_rates.remove(rate_id, by=person_id_of(request))
        if deletion:
            return deleted(see_other(LIST), "Planned tax rate removed.", deletion)
        words = "Tax rate removed. Orders keep what they were charged."
        return with_undo(see_other(LIST), words, undo=f"{LIST}/rates/{rate_id}/resumption")

    @post("/rates/{rate_id:uuid}/resumption")
    async def resume(self, request: Request[Any, Any, Any], rate_id: FromPath[UUID]) -> Response[Any]:
        await tax_rates.resume(rate_id, by=person_id_of(request))
        return _back("The tax rate is in force again.")

    @get("/known")
    async def preview(self, request: Request[Any, Any, Any]) -> Response[Any]:
        country = _country(request.query_params.get("country", ""))
        view = KnownRatesPage(
            country=countries.name(country),
            found=suggested_rates.of_country(country),
            as_of=f"{date.fromisoformat(suggested_rates.of_country(country).as_of):%-d %B %Y}",
            changes=suggested_rates.changes(country, await _book()),
            names=await tax_rates.category_names(),
        )
        return page(request, view)

    @post("/known/{country:str}")
    async def adopt(self, request: Request[Any, Any, Any], country: FromPath[str]) -> Response[Any]:
        done = await suggested_rates.adopt(_country(country), await _book(), by=person_id_of(request))
        rates = "1 rate" if done == 1 else f"{done} rates"
        return _back(f"{rates} of {countries.name(country)} set.")

    @post("/categories")
    async def add_category(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await CategoryForm.read(request)
        if form.is_valid:
            try:
                await tax_rates.add_category(form.category_name, by=person_id_of(request))
                return _back(f"{form.category_name} added. Give it a rate, then choose it on products.")
            except Refusal as refusal:
                form.refuse("category_name", str(refusal))
        return page(request, await _page(category_form=form), status=422)


async def _book() -> TaxBook:
    return (await delivery_terms.current()).taxes


def _country(code: str) -> str:
    if code not in {known for known, _ in countries.choices()}:
        raise NotFound("We don’t know this country.")
    return code


async def _page(*, form: TaxSettingsForm | None = None, category_form: CategoryForm | None = None) -> TaxPage:
    names = await tax_rates.category_names()
    home = shop_settings.current().country
    offered = {*suggested_rates.countries(), "US", home}
    rates: tuple[Rate, ...] = (await _book()).rates
    return TaxPage(
        rates=rate_rows(rates, names, at=clock.now()),
        known_form=KnownForm.blank(
            choices={"country": tuple(pair for pair in countries.choices() if pair[0] in offered)}, country=home
        ),
        in_eu=tax_areas.in_eu(home),
        home=countries.name(home),
        home_code=home,
        categories=tuple(names.items()),
        category_form=category_form or CategoryForm.blank(),
        form=form or await tax_settings_form(),
        usual_note=usual_note(),
        prices_include=shop_settings.current().prices_include_tax == "yes",
        asks_stripe=shop_settings.current().asks_stripe_tax,
        asks_region=_asks_region(home, rates) or bool(form and form.typed.get("tax_region") != [""]),
    )


def _asks_region(home: str, rates: tuple[Rate, ...]) -> bool:
    """Also where one was entered, so that it can be taken out again."""
    has_rates = any(rate.region for rate in rates if rate.country == home)
    return home in TAXED_BY_REGION or has_rates or bool(shop_settings.current().tax_region)


def _back(words: str) -> Response[Any]:
    answer: Response[Any] = with_notice(see_other(LIST), words)
    return answer
