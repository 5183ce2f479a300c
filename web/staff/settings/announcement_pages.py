"""The announcement above every page of the shop."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.brand import announcement
from components.brand.announcement import Announcement
from components.foundation.shop_settings import setting_rows
from components.foundation.shop_settings.setting_rows import ShopSettingRefused
from web.current_person import person_id_of
from web.guards import owner
from web.replies import see_other, with_notice
from web.staff.edit_conflicts import overtaken
from web.staff.settings.brand_forms import AnnouncementForm
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class AnnouncementPage(View):
    """`shown` is what shoppers see at this moment."""

    template: ClassVar[str] = "staff/settings/announcement.html"
    form: AnnouncementForm
    shown: Announcement | None


class AnnouncementController(Controller):
    path = "/staff/settings/announcement"
    guards = [owner]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, _page(request, AnnouncementForm.filled()))

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await AnnouncementForm.read(request)
        try:
            if form.is_valid and not overtaken(form, AnnouncementForm.filled()):
                await setting_rows.change(form.settings(), by=person_id_of(request))
        except ShopSettingRefused as refusal:
            form.refuse(refusal.name, str(refusal))
        if not form.is_valid:
            return page(request, _page(request, form), status=form.answer_status)
        return with_notice(see_other(self.path), "Saved.")


def _page(request: Request[Any, Any, Any], form: AnnouncementForm) -> AnnouncementPage:
    return AnnouncementPage(form=form, shown=announcement.shown(visitor_of(request).at))
