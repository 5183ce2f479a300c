"""Settings, Delivery dates: how fast the shop packs, when it is closed, and what customers are told."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout.delivery import closed_days, delivery_terms
from components.checkout.delivery.delivery_terms import Closure
from components.foundation.formatting import date_span
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import setting_rows, shop_settings
from web import countries
from web.current_person import person_id_of
from web.guards import staff
from web.replies import deleted, see_other, with_notice
from web.staff.edit_conflicts import overtaken
from web.staff.settings.delivery_date_forms import ClosedDaysForm, DeliveryDatesForm, choices
from web.staff.settings.delivery_date_preview import DatesPreview, preview
from web.views import View, page, visitor_of

LIST = "/staff/settings/delivery"


@dataclass(frozen=True, kw_only=True)
class DeliveryDatesPage(View):
    template: ClassVar[str] = "staff/settings/delivery/index.html"
    partial: ClassVar[str | None] = "staff/settings/delivery/_preview.html"

    form: DeliveryDatesForm
    closed_form: ClosedDaysForm
    closures: tuple[tuple[Closure, str], ...]
    shown: DatesPreview
    country: str
    time_zone: str


class DeliveryDatesController(Controller):
    path = LIST
    guards = [staff("settings")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, await _page(request, DeliveryDatesForm.filled()))

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await DeliveryDatesForm.read(request, choices=choices())
        if not form.is_valid or overtaken(form, DeliveryDatesForm.filled()):
            return page(request, await _page(request, form), status=form.answer_status)
        changed = await setting_rows.change(form.settings(), by=person_id_of(request))
        words = "Saved. Orders already placed keep what they were promised." if changed else "Nothing was changed."
        return with_notice(see_other(LIST), words)

    @post("/preview", status_code=200)
    async def try_out(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The page with what is typed, and what customers would be told; nothing is saved."""
        form = await DeliveryDatesForm.read(request, choices=choices())
        if not form.is_valid:
            return page(request, await _page(request, form), status=422)
        with shop_settings.trying(form.settings()):
            shown = preview(await delivery_terms.current(), visitor_of(request).at)
        return page(request, await _page(request, form, shown=shown))

    @post("/closed")
    async def close(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await ClosedDaysForm.read(request)
        if form.is_valid:
            try:
                by = person_id_of(request)
                await closed_days.add(form.first_day, form.until, words=form.words, is_open=form.is_open, by=by)
                return with_notice(see_other(LIST), "Added. Dates follow from now on.")
            except Refusal as refusal:
                form.refuse(None, str(refusal))
        return page(request, await _page(request, DeliveryDatesForm.filled(), closed_form=form), status=422)

    @post("/closed/{row_id:uuid}/removal")
    async def reopen(self, request: Request[Any, Any, Any], row_id: FromPath[UUID]) -> Response[Any]:
        deletion = await closed_days.remove(row_id, by=person_id_of(request))
        return deleted(see_other(LIST), "Removed. Dates follow from now on.", deletion)


async def _page(
    request: Request[Any, Any, Any],
    form: DeliveryDatesForm,
    *,
    closed_form: ClosedDaysForm | None = None,
    shown: DatesPreview | None = None,
) -> DeliveryDatesPage:
    known, shop = await delivery_terms.current(), shop_settings.current()
    return DeliveryDatesPage(
        form=form,
        closed_form=closed_form or ClosedDaysForm.blank(),
        closures=tuple((one, date_span(one.first_day, one.last_day)) for one in known.closures),
        shown=shown or preview(known, visitor_of(request).at),
        country=countries.in_words(shop.country),
        time_zone=shop.time_zone,
    )
