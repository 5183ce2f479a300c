"""Every setting, its source, and links to what can be changed in the staff area."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.foundation.operations import settings_report
from components.foundation.operations.settings_report import SettingReport
from web.guards import owner
from web.views import View, page

HERE = (
    ("Delivery and tax", "/staff/delivery", "Delivery methods, their fees, and tax rates by country."),
    ("Plans", "/staff/plans", "Membership prices and benefits."),
    ("Staff accounts", "/staff/operators", "Staff and their permissions."),
    ("Patterns", "/staff/patterns", "The pattern library: colours, type and page elements (read-only)."),
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
