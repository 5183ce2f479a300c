"""What the shop runs with: every setting, where it was said, and the way to what can be changed here."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.foundation import settings_report
from components.foundation.settings_report import SettingReport
from web.guards import owner
from web.views import View, page

HERE = (
    ("Delivery and tax", "/staff/delivery", "Ways to send a parcel, what they cost, and the tax of each country."),
    ("Plans", "/staff/plans", "What membership costs and promises."),
    ("Staff accounts", "/staff/operators", "Who works here, and what each may do."),
    ("Patterns", "/staff/patterns", "Colours, type and every part that pages are made of."),
)


@dataclass(frozen=True, kw_only=True)
class SettingsPage(View):
    template: ClassVar[str] = "staff/system/settings/index.html"
    rooms: tuple[tuple[str, str, str], ...]
    groups: tuple[tuple[str, tuple[SettingReport, ...]], ...]


class StaffSettingsController(Controller):
    path = "/staff/settings"
    guards = [owner]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, SettingsPage(rooms=HERE, groups=settings_report.all_settings()))
