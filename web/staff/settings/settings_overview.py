"""Where each setting is changed; and what the machine is set to, which only its environment can change."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation.operations import own_templates, settings_report
from components.foundation.operations.own_templates import OwnTemplate
from components.foundation.operations.settings_report import SettingReport
from web import templating
from web.guards import owner
from web.replies import see_other, with_notice
from web.staff.settings.shop_settings_forms import LIST, SECTIONS
from web.views import View, page

ELSEWHERE = (
    ("Brand", f"{LIST}/brand", "Logo, icon, colours and typefaces, with a preview on the real pages."),
    ("Announcement", f"{LIST}/announcement", "A sentence above every page of the shop, for as long as you say."),
    ("Payments", f"{LIST}/payments", "Practice, or your Stripe key, tried before it is kept."),
    ("Tax", f"{LIST}/tax", "Rates by country and kind of goods, VAT numbers, prices with or without tax."),
    ("Delivery", "/staff/delivery", "Zones, delivery methods and their fees, pickup places."),
    ("Delivery dates", f"{LIST}/delivery", "How fast you pack, closed days, and what customers are told."),
    ("Plans", "/staff/plans", "Membership prices and benefits."),
    ("Staff accounts", "/staff/operators", "Who may do what in the staff area."),
    ("Own templates", f"{LIST}/templates", "Templates of your own that replace built-in ones."),
    ("Server", f"{LIST}/server", "Addresses, connections and keys of this installation (read-only)."),
    ("Patterns", "/staff/patterns", "The pattern library: colours, type and page elements (read-only)."),
)


@dataclass(frozen=True, kw_only=True)
class SettingsPage(View):
    template: ClassVar[str] = "staff/settings/index.html"
    rooms: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ServerSettingsPage(View):
    template: ClassVar[str] = "staff/settings/server.html"
    groups: tuple[tuple[str, tuple[SettingReport, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class OwnTemplatesPage(View):
    template: ClassVar[str] = "staff/settings/templates.html"
    folder: str
    templates: tuple[OwnTemplate, ...]


class StaffSettingsController(Controller):
    path = LIST
    guards = [owner]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        own = tuple((each.title, f"{LIST}/{each.slug}", each.summary) for each in SECTIONS)
        return page(request, SettingsPage(rooms=own + ELSEWHERE))

    @get("/server")
    async def server(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, ServerSettingsPage(groups=settings_report.all_settings()))

    @get("/templates")
    async def templates(self, request: Request[Any, Any, Any]) -> Response[Any]:
        view = OwnTemplatesPage(folder=str(own_templates.folder()), templates=own_templates.all_own())
        return page(request, view)

    @post("/templates/reading")
    async def read_templates(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """After a file in the folder has changed."""
        await own_templates.read_again()
        templating.check_own()
        return with_notice(see_other(f"{LIST}/templates"), "The folder has been read again.")
